-- What stands before a new ticket of :tenant: what to try, what leads
-- elsewhere, and articles, each in languages that are spoken at its portals. Titles and
-- tickets of the demo find them: 'Cannot sign in', 'Inloggningen', 'ログイン'.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null

insert into app.signposts (tenant_id, kind, position, titles, texts, url)
  select auth.tenant_id(), kind, row_number() over (), app.eight_texts(title), coalesce(app.eight_texts(said), '{}'), url
  from (values
    (null, 'first_aid', 'Is the browser up to date?|Ist der Browser aktuell?|Le navigateur est-il à jour ?|¿Está actualizado el navegador?|Il browser è aggiornato?|O navegador está atualizado?|Är webbläsaren uppdaterad?|ブラウザーは最新ですか？',
      'Older ones show some pages halfway, or not at all.|Ältere zeigen manche Seiten halb oder gar nicht.|Les anciens affichent certaines pages à moitié ou pas du tout.|Los antiguos muestran algunas páginas a medias o nada.|Quelli vecchi mostrano alcune pagine a metà o per niente.|Os antigos mostram algumas páginas pela metade ou nada.|Äldre visar en del sidor till hälften eller inte alls.|古いブラウザーでは、一部のページが正しく表示されません。', null),
    (null, 'first_aid', 'Was the address typed by hand?|Ist die Adresse von Hand eingegeben?|L’adresse a-t-elle été saisie à la main ?|¿Ha escrito la dirección a mano?|L''indirizzo è stato scritto a mano?|O endereço foi digitado à mão?|Är adressen skriven för hand?|アドレスは手で入力しましたか？',
      'An old bookmark or link may lead to a page that has moved.|Ein altes Lesezeichen führt vielleicht zu einer Seite, die umgezogen ist.|Un ancien signet mène peut-être à une page déplacée.|Un marcador antiguo puede llevar a una página que ya no está ahí.|Un vecchio segnalibro può portare a una pagina spostata.|Um favorito antigo pode levar a uma página que mudou.|Ett gammalt bokmärke kan leda till en sida som har flyttat.|古いブックマークは、移動したページを指していることがあります。', null),
    (null, 'first_aid', 'Are other windows and devices signed out?|Sind andere Fenster und Geräte abgemeldet?|Les autres fenêtres et appareils sont-ils déconnectés ?|¿Ha cerrado la sesión en otras ventanas y dispositivos?|Le altre finestre e gli altri dispositivi sono disconnessi?|As outras janelas e dispositivos saíram da sessão?|Är andra fönster och enheter utloggade?|ほかの画面や端末ではログアウトしましたか？', null, null),
    ('griffel', 'elsewhere', 'What is planned for next term|Was zum nächsten Halbjahr kommt|Ce qui est prévu au prochain semestre|Qué se prevé para el próximo curso|Cosa arriva nel prossimo quadrimestre|O que vem no próximo semestre|Vad som kommer nästa termin|次の学期に向けた予定',
      'The roadmap says what is being built, and takes votes.|Der Fahrplan zeigt, was entsteht, und nimmt Stimmen entgegen.|La feuille de route dit ce qui se prépare et recueille les votes.|La hoja de ruta dice qué se prepara y recoge votos.|La roadmap dice che cosa si prepara e raccoglie i voti.|O roteiro diz o que está sendo feito e recebe votos.|Färdplanen visar vad som är på gång och tar emot röster.|ロードマップで開発中の機能を確認し、投票できます。', 'https://roadmap.griffel.example/'),
    ('griffel', 'elsewhere', 'Connecting another system|Ein anderes System anbinden|Relier un autre système|Conectar otro sistema|Collegare un altro sistema|Conectar outro sistema|Koppla ihop med ett annat system|ほかのシステムとの連携', null, 'https://developer.griffel.example/start'),
    ('klangtal', 'elsewhere', 'Connecting a system of one''s own|Ein eigenes System anbinden|Relier son propre système|Conectar un sistema propio|Collegare un proprio sistema|Conectar um sistema próprio|Koppla in ett eget system|自社システムとの連携', null, 'https://developer.klangtal.example/'))
    v (tenant, kind, title, said, url)
  where coalesce(v.tenant, :'tenant') = :'tenant';

-- Who is named to one account, and a wish that leads to them.
insert into app.named_contacts (tenant_id, account_id, kind, person_id)
  select auth.tenant_id(), pg_temp.account(v.account), 'key_account', (pg_temp.person(v.who)).id
  from (values ('griffel', 'Stadt Ahornau', 'nils'), ('klangtal', 'みなと精機株式会社', 'aiko')) v (tenant, account, who) where v.tenant = :'tenant';
insert into app.signposts (tenant_id, kind, position, titles, contact)
  values (auth.tenant_id(), 'elsewhere', 100, app.eight_texts('Prices and contracts|Preise und Verträge|Prix et contrats|Precios y contratos|Prezzi e contratti|Preços e contratos|Priser och avtal|料金と契約'), 'key_account');

do $$
declare
  article bigint;
  part record;
  name text := '';
  place record;
  sections jsonb := '{}';
begin
  for place in select * from (values
    ('griffel', 'start', 'Getting started|Erste Schritte|Premiers pas|Primeros pasos|Primi passi|Primeiros passos|Kom igång|はじめに', 'Signing in, and the first days at the portal.|Anmelden und die ersten Tage im Portal.|Se connecter et les premiers jours sur le portail.|Iniciar sesión y los primeros días en el portal.|Accedere e i primi giorni sul portale.|Entrar e os primeiros dias no portal.|Logga in och de första dagarna i portalen.|ログインと、ポータルの最初の数日間。'),
    ('griffel', 'files', 'Files and printing|Dateien und Drucken|Fichiers et impression|Archivos e impresión|File e stampa|Arquivos e impressão|Filer och utskrifter|ファイルと印刷', null),
    ('klangtal', 'phones', 'Telephones|Telefone|Téléphones|Teléfonos|Telefoni|Telefones|Telefoner|電話機', 'What to do when a telephone is silent or calls break off.|Was zu tun ist, wenn ein Telefon stumm bleibt oder Gespräche abbrechen.|Que faire quand un téléphone reste muet ou qu’un appel est coupé.|Qué hacer si un teléfono no suena o se cortan las llamadas.|Che cosa fare se un telefono è muto o le chiamate cadono.|O que fazer quando um telefone fica mudo ou as ligações caem.|Vad man gör när en telefon är tyst eller samtal bryts.|電話機の音が出ないときや、通話が切れるときの対処。'))
    v (tenant, name, title, said) where v.tenant = (select t.slug from app.tenants t where t.tenant_id = auth.tenant_id())
  loop
    sections := sections || jsonb_build_object(place.name, app.write_section(null, null, app.eight_texts(place.title),
      coalesce(app.eight_texts(place.said), '{}'), '{"level": "public"}', null));
  end loop;
  for part in select * from (values
    ('griffel', 'sign-in', 'en', 'I cannot sign in', E'Try these in turn:\n\n1. Type the address of your school''s portal by hand.\n2. Ask for a code with **Forgot password**. It comes within a minute; look into the spam folder too.\n3. Use the newest code: an older one is no longer good.\n\nIf your school signs in with an account of the municipality, its password is changed there, not here.'),
    ('griffel', 'sign-in', 'sv', 'Inloggningen fungerar inte', E'Prova i tur och ordning:\n\n1. Skriv adressen till skolans portal för hand.\n2. Be om en kod med **Glömt lösenordet**. Den kommer inom en minut; titta i skräpposten också.\n3. Använd den senaste koden: en äldre gäller inte längre.\n\nOm skolan loggar in med kommunens konto byts lösenordet där, inte här.'),
    ('griffel', 'sign-in', 'it', 'Non riesco ad accedere', E'Prova nell''ordine:\n\n1. Scrivi a mano l''indirizzo del portale della scuola.\n2. Chiedi un codice con **Password dimenticata**. Arriva entro un minuto; guarda anche nello spam.\n3. Usa il codice più recente: quelli precedenti non valgono più.'),
    ('griffel', 'sign-in', 'de', 'Die Anmeldung geht nicht', E'Versuchen Sie der Reihe nach:\n\n1. Geben Sie die Adresse des Schulportals von Hand ein.\n2. Fordern Sie mit **Passwort vergessen** einen Code an. Er kommt innerhalb einer Minute; sehen Sie auch im Spam-Ordner nach.\n3. Nehmen Sie den neuesten Code: ältere gelten nicht mehr.'),
    ('griffel', 'sign-in', 'ja', 'ログインできないとき', E'次の順にお試しください。\n\n1. 学校のポータルのアドレスを手で入力する。\n2. **パスワードを忘れた場合**からコードを受け取る。1分以内に届きます。迷惑メールもご確認ください。\n3. 最新のコードを使う。以前のコードは使えません。'),
    ('griffel', 'upload', 'en', 'Photos and films that do not upload', E'A file may have up to **200 MB**. A film of a telephone is often larger:\n\n- choose *720p* before you film, or shorten it\n- stay on the page until the bar is full; after a break it goes on by itself\n\nPhotos of an iPhone (`.heic`) are taken too.'),
    ('griffel', 'upload', 'it', 'Foto e video che non si caricano', E'Un file può avere fino a **200 MB**. Un video del telefono è spesso più grande:\n\n- scegli *720p* prima di filmare, oppure accorcialo\n- resta sulla pagina finché la barra è piena; dopo un''interruzione riprende da sé'),
    ('griffel', 'upload', 'sv', 'Bilder och filmer som inte laddas upp', E'En fil får ha högst **200 MB**. En film från telefonen är ofta större:\n\n- välj *720p* innan du filmar, eller korta den\n- stanna kvar på sidan tills stapeln är full; efter ett avbrott fortsätter den av sig själv'),
    ('griffel', 'print', 'de', 'Zeugnisse drucken: Wappen und Ränder', E'1. Wählen Sie im Druckdialog **Tatsächliche Größe**, nicht *An Seite anpassen*.\n2. Schalten Sie **Hintergrundgrafiken** ein: sonst fehlt das Wappen.\n3. Drucken Sie zuerst eine Seite.'),
    ('griffel', 'print', 'it', 'Stampare le pagelle: stemma e margini', E'1. Scegli **Dimensioni effettive**, non *Adatta alla pagina*.\n2. Attiva la **grafica di sfondo**: altrimenti manca lo stemma.\n3. Stampa prima una pagina sola.'),
    ('klangtal', 'no-sound', 'en', 'A telephone without a dial tone', E'1. Look at the display: **no network** means the cable or the socket.\n2. Pull the cable, wait ten seconds, put it in again. The telephone needs two minutes.\n3. Try it at another socket. If it works there, tell us which socket does not.'),
    ('klangtal', 'no-sound', 'de', 'Ein Telefon ohne Freizeichen', E'1. Sehen Sie auf die Anzeige: **Kein Netz** heißt Kabel oder Dose.\n2. Ziehen Sie das Kabel, warten Sie zehn Sekunden, stecken Sie es wieder ein. Das Telefon braucht zwei Minuten.\n3. Versuchen Sie eine andere Dose. Geht es dort, nennen Sie uns die, an der es nicht geht.'),
    ('klangtal', 'no-sound', 'it', 'Un telefono senza segnale di linea', E'1. Guarda il display: **nessuna rete** vuol dire cavo o presa.\n2. Stacca il cavo, aspetta dieci secondi, riattaccalo. Il telefono ha bisogno di due minuti.\n3. Prova un''altra presa. Se lì funziona, dicci quale presa no.'),
    ('klangtal', 'no-sound', 'sv', 'En telefon utan kopplingston', E'1. Titta på skärmen: **inget nät** betyder kabeln eller uttaget.\n2. Dra ur kabeln, vänta tio sekunder, sätt i den igen. Telefonen behöver två minuter.\n3. Prova ett annat uttag. Om det fungerar där, säg vilket uttag som inte gör det.'),
    ('klangtal', 'no-sound', 'ja', '電話機の発信音が聞こえないとき', E'1. 画面に「**ネットワークなし**」と出る場合は、ケーブルか差し込み口が原因です。\n2. ケーブルを抜き、10秒待ってから差し直してください。起動に2分かかります。\n3. 別の差し込み口でお試しください。そこで使える場合は、使えない差し込み口をお知らせください。'),
    ('klangtal', 'break', 'en', 'Calls break off after thirty seconds', E'A firewall that guesses at telephony does that. Switch off **SIP ALG** (*SIP helper*) in the router, and restart it.\n\nIf calls still break off, send us the times of two or three of them.'),
    ('klangtal', 'break', 'sv', 'Samtal bryts efter trettio sekunder', E'Det gör en brandvägg som gissar om telefoni. Stäng av **SIP ALG** (*SIP helper*) i routern och starta om den.\n\nOm samtal ändå bryts, skicka klockslagen för två eller tre av dem.'),
    ('klangtal', 'break', 'de', 'Gespräche brechen nach dreißig Sekunden ab', E'Das macht eine Firewall, die Telefonie errät. Schalten Sie **SIP ALG** (*SIP-Helper*) im Router aus und starten Sie ihn neu.\n\nBrechen Gespräche weiter ab, nennen Sie uns die Uhrzeiten von zweien oder dreien.')
    ) v (tenant, name, language, title, body)
    where v.tenant = (select t.slug from app.tenants t where t.tenant_id = auth.tenant_id())
  loop
    if part.name = name then
      perform app.save_draft(article, part.language, part.title, pg_temp.html(part.body), null, null, true);
    else
      article := (app.make_article((sections->>case when part.name = 'sign-in' then 'start' when part.tenant = 'griffel' then 'files' else 'phones' end)::bigint,
        part.language, part.title, pg_temp.html(part.body), 'demo-' || part.name, case when part.name = 'print' then '{"level": "signed_in"}'::jsonb end, true)->>'id')::bigint;
    end if;
    name := part.name;
  end loop;
end $$;
commit;
