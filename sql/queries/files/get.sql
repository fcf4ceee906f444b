-- What a file of a ticket is, before it is handed out.
-- => json
-- reads
-- :number path bigint
-- :id path bigint
select json_build_object('id', f.id, 'name', f.name, 'type', f.type, 'size', f.size, 'state', app.file_state(f.state),
  'shown', app.file_kind(f.type) <> 'file', 'sha256', encode(f.sha256, 'hex'))
from app.files f where f.ticket_id = :'number' and f.id = :'id'
