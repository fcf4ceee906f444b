-- How many tickets each view of the asker's holds, and how many they have not read.
-- => json
-- reads
select app.desk_counts()
