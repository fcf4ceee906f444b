-- Takes in the words of some tickets that search is to find. How many.
-- => text
-- writes
select jobs.take_in_words()::text
