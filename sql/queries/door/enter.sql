-- Who is asking: before every request's own statements.
-- => void
-- reads
-- :host made text
-- :token made bytea?
-- :who made smallint
-- :writes made boolean
-- :page made text?
-- :tickets made boolean
select auth.enter(:'host', :'token', :'who', :'writes', :'page', :'tickets')
