-- A public reply; an agent's may set the status with it; mentions: ids of whom
-- its text names.
-- => json
-- writes
-- :number path bigint
-- :body body text 1..65536b
-- :status body text? new|in_progress|blocked|on_hold|solved|closed|closed_escalated
-- :html made text
-- :key key text
-- :files body jsonb? 0..1000b
-- :mentions body jsonb? 0..1000b
select case when :'mentions' is null then app.add_comment(:'number', false, :'body', :'html', :'key', :'status', :'files')
  else app.mention(:'number', app.add_comment(:'number', false, :'body', :'html', :'key', :'status', :'files'), :'mentions') end
