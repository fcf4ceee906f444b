-- A public reply; an agent's may set the status with it; mentions: ids of whom
-- its text names; seen: the newest comment that was read, so that it stops at a
-- newer one.
-- => json
-- writes
-- :number path bigint
-- :body body text 1..65536b
-- :status body text? new|in_progress|blocked|on_hold|solved|closed|closed_escalated
-- :html made text
-- :key key text
-- :files body jsonb? 0..1000b
-- :mentions body jsonb? 0..1000b
-- :seen body bigint?
select case when :'mentions' is null then app.add_comment(:'number', false, :'body', :'html', :'key', :'status', :'files', :'seen')
  else app.mention(:'number', app.add_comment(:'number', false, :'body', :'html', :'key', :'status', :'files', :'seen'), :'mentions') end
