-- Looks at the links of articles that changed, and at those that lead to them: how many.
-- => text
-- writes
select jobs.check_links()::text
