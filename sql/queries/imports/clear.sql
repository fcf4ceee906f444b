-- Before one begins: of what another one left some goes, and whether there is more.
-- => text
-- writes
select case when app.clear_import() then 'more' else 'none' end
