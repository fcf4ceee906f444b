-- An internal note.
-- => json
-- writes
-- :number path bigint
-- :body body text 1..65536b
-- :html made text
-- :key key text
select app.add_comment(:'number', true, :'body', :'html', :'key', null)
