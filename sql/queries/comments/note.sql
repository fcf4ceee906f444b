-- An internal note; mentions: ids of agents whom its text names.
-- => json
-- writes
-- :number path bigint
-- :body body text 1..65536b
-- :html made text
-- :key key text
-- :files body jsonb? 0..1000b
-- :mentions body jsonb? 0..1000b
select case when :'mentions' is null then app.add_comment(:'number', true, :'body', :'html', :'key', null, :'files')
  else app.mention(:'number', app.add_comment(:'number', true, :'body', :'html', :'key', null, :'files'), :'mentions') end
