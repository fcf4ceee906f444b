-- Follows a link about an address: confirms it, or stops a move.
-- => json
-- writes
-- :token path text 1..100
-- :stop form text? yes|no
select app.follow_link(:'token', coalesce(:'stop', 'no') = 'yes')
