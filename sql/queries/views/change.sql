-- Names it anew, says what it shows, or puts it before another one (0: last).
-- => json
-- writes
-- :id path bigint
-- :name body text? 1..80
-- :query body text? 0..2000b
-- :before body bigint?
select app.change_view(:'id', :'name', :'query', :'before')
