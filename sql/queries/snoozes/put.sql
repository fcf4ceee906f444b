-- Puts a ticket aside until then.
-- => json
-- writes
-- :number path bigint
-- :until body text 1..40
select app.snooze(:'number', app.moment(:'until', 'until'))
