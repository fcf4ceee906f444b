-- Says yes to a move at once, or stops it.
-- => json
-- writes
-- :id path bigint
-- :yes body boolean
select app.decide_move(:'id', :'yes')
