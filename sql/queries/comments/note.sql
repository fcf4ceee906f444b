-- An internal note.
-- => json
-- writes
-- :number path bigint
-- :body body text 1..65536b
-- :html made text
-- :key key text
-- :files body jsonb? 0..1000b
select app.add_comment(:'number', true, :'body', :'html', :'key', null, :'files')
