-- The portals of the account here that one administers, as a tree.
-- => json
-- reads
select app.portal_tree()
