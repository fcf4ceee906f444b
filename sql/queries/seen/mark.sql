-- I have read a ticket up to the change that its page showed; before: as far as I had
-- read it until now, null where that is not known.
-- => json
-- writes
-- :number path bigint
-- :at body text 20..40
select app.mark_seen(:'number', app.moment(:'at', 'at'))
