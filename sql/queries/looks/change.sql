-- Sets some of it; null lets hold again what is above.
-- => json
-- writes
-- :portal query bigint?
-- :change made jsonb
select app.change_look(:'portal', :'change')
