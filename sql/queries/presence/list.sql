-- Which tickets other agents have before them.
-- => json
-- reads
select app.who_is_where()
