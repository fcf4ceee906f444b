-- Adds people to a ticket by their addresses. Twice is once.
-- => json
-- writes
-- :number path bigint
-- :cc body jsonb 0..16000b
select app.share_ticket(:'number', :'cc')
