-- Who is asking.
-- => text
-- reads
select auth.person_id()::text
