-- Shows a ticket to all of its own account. Twice is once.
-- => json
-- writes
-- :number path bigint
-- :account body bigint
select app.share_with_account(:'number', :'account')
