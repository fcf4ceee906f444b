-- Lists as CSV say answers in words.
drop function if exists app.csv_answers(bigint[], text[]);
-- The desk's walk brings its tickets whole.
drop function if exists app.list_walk(jsonb, text, text, text);
