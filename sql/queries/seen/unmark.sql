-- I want to come back to it: unread again, if somebody else changed it last.
-- => json
-- writes
-- :number path bigint
select app.mark_unseen(:'number')
