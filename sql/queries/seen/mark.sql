-- I have read a ticket up to the change that its page showed.
-- => void
-- writes
-- :number path bigint
-- :at body text 20..40
select app.mark_seen(:'number', app.moment(:'at', 'at'))
