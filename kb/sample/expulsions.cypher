// The built-in case: the expulsions between the United States and Russia, 2016-2025.
//
// Two layers of one history. Events e01-e30 are what one article of 2025-03-09 says, each with its
// paragraph and offset in that document (PROOF). Events h01-h39 are the dated acts behind it, each with
// the pages it was checked in. SUMMARISES leads from the first to the second. schema/README.md explains
// the labels, types and properties; names and notes are this project's own words.

// --- Countries, places, people, bodies, facilities, documents ---
CREATE (:Country {id: 'c-us', name: 'United States', code: 'us', cameo: 'USA'});
CREATE (:Country {id: 'c-ru', name: 'Russia', code: 'ru', cameo: 'RUS', alias: 'Moscow'});
CREATE (:Country {id: 'c-gb', name: 'United Kingdom', code: 'gb', cameo: 'GBR', alias: 'the UK'});
CREATE (:Country {id: 'c-ua', name: 'Ukraine', code: 'ua', cameo: 'UKR'});
CREATE (:Place {id: 'pl-istanbul', name: 'Istanbul'});
CREATE (:Place {id: 'pl-riyadh', name: 'Riyadh'});
CREATE (:Place {id: 'pl-moscow', name: 'Moscow'});
CREATE (:Place {id: 'pl-newyork', name: 'New York'});
CREATE (:Place {id: 'pl-maryland', name: 'Maryland'});
CREATE (:Place {id: 'pl-seattle', name: 'Seattle'});
CREATE (:Place {id: 'pl-yasenevo', name: 'Yasenevo'});
CREATE (:Place {id: 'pl-lubyanka', name: 'Lubyanka'});
CREATE (:Person {id: 'p-obama', name: 'Barack Obama'});
CREATE (:Person {id: 'p-trump', name: 'Donald Trump'});
CREATE (:Person {id: 'p-biden', name: 'Joe Biden'});
CREATE (:Person {id: 'p-rubio', name: 'Marco Rubio'});
CREATE (:Person {id: 'p-kolbe', name: 'Paul Kolbe'});
CREATE (:Person {id: 'p-exspy', name: 'former spy (unnamed)'});
CREATE (:PublicBody {id: 'pb-trump-admin', name: 'Trump administration'});
CREATE (:PublicBody {id: 'pb-kremlin', name: 'Kremlin'});
CREATE (:PublicBody {id: 'pb-ru-un', name: 'Russia’s UN mission'});
CREATE (:Organization {id: 'org-belfer',
         name: 'Belfer Center for Science and International Affairs'});
CREATE (:Organization {id: 'org-harvard', name: 'Harvard'});
CREATE (:Organization {id: 'org-nyt', name: 'The New York Times'});
CREATE (:LegalEntity {id: 'le-ru-agents', name: 'Russian agents (unnamed)'});
CREATE (:Position {id: 'pos-us-president', name: 'President of the United States'});
CREATE (:Position {id: 'pos-us-secstate', name: 'Secretary of State'});
CREATE (:Facility {id: 'f-ny', name: 'diplomatic compound in New York', kind: 'compound'});
CREATE (:Facility {id: 'f-md', name: 'diplomatic compound in Maryland', kind: 'compound'});
CREATE (:Facility {id: 'f-sea', name: 'Consulate-General of Russia, Seattle (600 University St)',
         kind: 'consulate'});
CREATE (:Facility {id: 'f-us-emb', name: 'US Embassy, Moscow', kind: 'embassy'});
CREATE (:Facility {id: 'f-us-cons', name: 'US consulates (unnamed)', kind: 'consulate',
         group: true});
CREATE (:Facility {id: 'f-ru-fac', name: 'Russian diplomatic facilities (unnamed)',
         kind: 'facility', group: true});
CREATE (:Document {id: 'd-article', name: 'Article of 2025-03-09', date: edtf('2025-03-09'),
         dateMin: '2025-03-09', dateMax: '2025-03-09'});
CREATE (:PublicBody {id: 'c-ru-un', name: 'Russia’s UN mission'});
CREATE (:Facility {id: 'f-brookville', name: 'Norwich House / Elmcroft, Upper Brookville NY',
         kind: 'compound'});
CREATE (:Facility {id: 'f-pioneer', name: 'Pioneer Point, Centreville MD', kind: 'compound'});
CREATE (:Facility {id: 'f-dacha', name: 'dacha in Serebryany Bor, Moscow', kind: 'compound'});
CREATE (:Facility {id: 'f-warehouse', name: 'warehouse, Dorozhnaya Street, Moscow',
         kind: 'warehouse'});
CREATE (:Facility {id: 'f-sfo', name: 'Consulate-General of Russia, San Francisco',
         kind: 'consulate'});
CREATE (:Facility {id: 'f-dc-annex', name: 'Russian chancery annex, Washington DC',
         kind: 'annex'});
CREATE (:Facility {id: 'f-ny-annex', name: 'Russian consular annex, New York', kind: 'annex'});
CREATE (:Facility {id: 'f-sea-res',
         name: 'Russian consul-general’s residence, 3726 E. Madison St, Seattle',
         kind: 'residence'});
CREATE (:Facility {id: 'f-us-stp', name: 'US Consulate-General, St Petersburg',
         kind: 'consulate'});
CREATE (:Facility {id: 'f-us-vlad', name: 'US Consulate-General, Vladivostok',
         kind: 'consulate'});
CREATE (:Facility {id: 'f-us-yek', name: 'US Consulate-General, Yekaterinburg',
         kind: 'consulate'});
CREATE (:Facility {id: 'f-gb-stp', name: 'British Consulate-General, St Petersburg',
         kind: 'consulate'});
CREATE (:Facility {id: 'f-bc', name: 'British Council in Russia', kind: 'institute'});
CREATE (:Document {id: 'd01', name: 'nowbreakingnews.com',
         url: 'http://nowbreakingnews.com/barack-obama-expels-35-russian-spies-over-election-hacking-row-in-cold-war-deja-vu/'});
CREATE (:Document {id: 'd02', name: 'usatoday.com',
         url: 'https://www.usatoday.com/story/news/world/2016/07/08/united-states-expels-russians-moscow/86869994/'});
CREATE (:Document {id: 'd03', name: 'sevendaynews.com',
         url: 'http://sevendaynews.com/2016/07/08/the-us-has-expelled-two-russians-after-the-attack-on-diplomat-in-moscow/'});
CREATE (:Document {id: 'd04', name: 'ibtimes.co.in',
         url: 'http://www.ibtimes.co.in/us-expels-35-russian-diplomats-over-election-hacking-claims-710392'});
CREATE (:Document {id: 'd05', name: 'stabroeknews.com',
         url: 'https://stabroeknews.com/2016/12/29/news/guyana/u-s-expels-35-russian-diplomats-closes-two-compounds-official'});
CREATE (:Document {id: 'd06', name: 'nbcnewyork.com',
         url: 'https://www.nbcnewyork.com/news/local/russian-compound-shut-down-glen-cove-long-island-obama-sanctions-election-hacking/2103437/'});
CREATE (:Document {id: 'd07', name: 'pressreader.com',
         url: 'http://www.pressreader.com/usa/record-observer/20170106/281526520734474'});
CREATE (:Document {id: 'd08', name: 'glencoverecordpilot.com',
         url: 'http://glencoverecordpilot.com/the-end-of-killenworth/'});
CREATE (:Document {id: 'd09', name: 'news.cgtn.com',
         url: 'http://news.cgtn.com/news/3d63444d7759544d/share_p.html'});
CREATE (:Document {id: 'd10', name: 'stlucianewsonline.com',
         url: 'http://www.stlucianewsonline.com/international-putin-decides-against-expelling-us-staff/'});
CREATE (:Document {id: 'd11', name: 'p2016.org',
         url: 'https://www.p2016.org/chrntran/wh080217pr.html'});
CREATE (:Document {id: 'd12', name: 'a.osmarks.net',
         url: 'https://a.osmarks.net/content/wikipedia_en_all_maxi_2020-08/A/Countering_America\'s_Adversaries_Through_Sanctions_Act'});
CREATE (:Document {id: 'd13', name: 'theguardian.com',
         url: 'https://www.theguardian.com/world/2017/jul/28/russia-cuts-us-diplomatic-presence-retaliation-sanctions'});
CREATE (:Document {id: 'd14', name: 'uawire.org',
         url: 'https://uawire.org/news/u-s-embassy-in-russia-removes-its-belongings-from-confiscated-summer-house'});
CREATE (:Document {id: 'd15', name: 'jimbakkershow.morningsidechurchinc.com',
         url: 'https://jimbakkershow.morningsidechurchinc.com/news/russia-takes-u-s-compound-moscow-retaliation-sanctions'});
CREATE (:Document {id: 'd16', name: 'russkiymir.ru',
         url: 'https://russkiymir.ru/en/news/228255/'});
CREATE (:Document {id: 'd17', name: 'intltravelnews.com',
         url: 'https://intltravelnews.com/2017/russian-consulate-closure'});
CREATE (:Document {id: 'd18', name: 'gephardtdaily.com',
         url: 'https://gephardtdaily.com/national-international/u-s-orders-russias-san-francisco-consulate-to-close/'});
CREATE (:Document {id: 'd19', name: 'offstream.news',
         url: 'https://offstream.news/feed/2017/08/31/the-united-states-state-department-orders-russia-to-close-the-consulate-general-in-san-francisco-and-two-other-buildings.html'});
CREATE (:Document {id: 'd20', name: 'news.am', url: 'https://news.am/eng/news/441543.html'});
CREATE (:Document {id: 'd21', name: 'usatoday.com',
         url: 'https://www.usatoday.com/story/news/world/2018/03/15/russia-britain-diplomats/427249002/'});
CREATE (:Document {id: 'd22', name: 'dailymail.co.uk',
         url: 'http://www.dailymail.co.uk/wires/pa/article-5512693/Russia-expels-UK-diplomats-retaliation-amid-ex-spy-poisoning-row.html'});
CREATE (:Document {id: 'd23', name: 'uawire.org',
         url: 'https://uawire.org/russia-announces-the-expulsion-of-23-british-diplomats'});
CREATE (:Document {id: 'd24', name: 'Wikipedia, current events of 2018-03-26'});
CREATE (:Document {id: 'd25', name: 'madisonparktimes.com',
         url: 'https://madisonparktimes.com/news/2018/mar/26/trump-administration-closing-russian-consulate-in-/'});
CREATE (:Document {id: 'd26', name: 'seattleglobalist.com',
         url: 'https://seattleglobalist.com/2018/03/27/feds-shut-down-russian-consulate-in-seattle/73006'});
CREATE (:Document {id: 'd27', name: 'investigaterussia.org',
         url: 'https://investigaterussia.org/media/2018-04-25/anybody-home'});
CREATE (:Document {id: 'd28', name: 'europediplomatic.com',
         url: 'https://europediplomatic.com/2018/03/30/us-russia-diplomatic-expulsions-quid-pro-quo/'});
CREATE (:Document {id: 'd29', name: 'armenpress.am',
         url: 'https://armenpress.am/eng/news/928166/'});
CREATE (:Document {id: 'd30', name: 'nydailynews.com',
         url: 'https://www.nydailynews.com/news/politics/russia-close-st-petersburg-u-s-consulate-expel-60-diplomats-article-1.3903596'});
CREATE (:Document {id: 'd31', name: 'madisonparktimes.com',
         url: 'https://madisonparktimes.com/news/2018/apr/25/state-department-takes-control-of-russian-consular/'});
CREATE (:Document {id: 'd32', name: 'voanews.com',
         url: 'https://www.voanews.com/usa/us-plans-close-last-2-consulates-russia'});
CREATE (:Document {id: 'd33', name: 'sputniknews.com',
         url: 'https://sputniknews.com/us/202012191081507602-us-state-dept-reportedly-notifies-congress-of-intent-to-close-last-2-consulates-in-russia/'});
CREATE (:Document {id: 'd34', name: 'axios.com',
         url: 'https://www.axios.com/2021/04/16/russia-expel-diplomats'});
CREATE (:Document {id: 'd35', name: 'en.escambray.cu',
         url: 'http://en.escambray.cu/2021/russia-expels-u-s-diplomats-from-moscow/'});
CREATE (:Document {id: 'd36', name: 'in.news.yahoo.com',
         url: 'https://in.news.yahoo.com/us-czech-republic-included-russias-174200564.html'});
CREATE (:Document {id: 'd37', name: 'diplopundit.net',
         url: 'https://diplopundit.net/tag/us-mission-russia/'});
CREATE (:Document {id: 'd38', name: 'pledgetimes.com',
         url: 'https://pledgetimes.com/the-russian-government-approved-the-list-of-unfriendly-countries/'});
CREATE (:Document {id: 'd39', name: 'english.pravda.ru',
         url: 'https://english.pravda.ru/news/russia/130793-russia_enemies/'});
CREATE (:Document {id: 'd40', name: 'diplopundit.net',
         url: 'https://diplopundit.net/2021/08/02/us-mission-russia-terminates-local-employees-contractors-due-to-moscows-prohibition/'});
CREATE (:Document {id: 'd41', name: 'saudigazette.com.sa',
         url: 'https://www.saudigazette.com.sa/article/609330/World/Europe/US-mission-in-Russia-forced-to-let-go-of-over-200-staff'});
CREATE (:Document {id: 'd42', name: 'urdupoint.com',
         url: 'https://www.urdupoint.com/en/world/us-diplomats-living-in-moscow-over-3-years-mu-1415249.html'});
CREATE (:Document {id: 'd43', name: 'voi.id', url: 'https://voi.id/en/news/109872'});
CREATE (:Document {id: 'd44', name: 'dailysabah.com',
         url: 'https://www.dailysabah.com/world/europe/russia-expels-us-embassy-staff-sets-jan-31-deadline'});
CREATE (:Document {id: 'd45', name: 'diplopundit.net',
         url: 'https://diplopundit.net/tag/russia-federation/'});
CREATE (:Document {id: 'd46', name: 'uawire.org',
         url: 'https://uawire.org/russia-expels-deputy-us-ambassador'});
CREATE (:Document {id: 'd47', name: 'newser.com',
         url: 'https://www.newser.com/story/317499/us-accuses-12-russians-at-un-of-espionage.html'});
CREATE (:Document {id: 'd48', name: 'pix11.com',
         url: 'https://pix11.com/news/us-expelling-12-russian-mission-intelligence-operatives/'});
CREATE (:Document {id: 'd49', name: 'wkbn.com',
         url: 'https://www.wkbn.com/news/national-world/us-says-it-is-expelling-12-russian-diplomats-for-espionage/'});
CREATE (:Document {id: 'd50', name: 'shine.cn',
         url: 'https://www.shine.cn/news/world/2203243483/'});
CREATE (:Document {id: 'd51', name: 'nagpurtoday.in',
         url: 'https://www.nagpurtoday.in/russia-expels-several-us-diplomats-state-dept/03240910'});
CREATE (:Document {id: 'd52', name: 'business-standard.com',
         url: 'https://www.business-standard.com/world-news/us-expels-two-russian-diplomats-after-two-diplomats-asked-to-leave-moscow-123100700033_1.html'});
CREATE (:Document {id: 'd53', name: 'ifpnews.com',
         url: 'https://ifpnews.com/us-expels-2-russian-diplomats-response-moscows-diplomatic-expulsions/'});
CREATE (:Document {id: 'd54', name: 'dailysabah.com',
         url: 'https://www.dailysabah.com/world/russian-us-diplomats-meet-in-istanbul-to-speed-up-rapprochement/news/amp'});
CREATE (:Document {id: 'd55', name: 'kyivpost.com', url: 'https://www.kyivpost.com/post/47860'});
CREATE (:Document {id: 'd56', name: 'breitbart.com',
         url: 'https://www.breitbart.com/europe/2025/02/28/russia-says-second-round-of-peace-talks-meaningful-and-business-like/'});
CREATE (:Document {id: 'd57', name: 'arabnews.pk', url: 'https://www.arabnews.pk/node/2591792'});
CREATE (:Document {id: 'd58', name: 'old.lemmy.sdf.org',
         url: 'https://old.lemmy.sdf.org/post/30699541'});
CREATE (:Document {id: 'd59', name: 'theamericanhabit.com',
         url: 'https://theamericanhabit.com/plan-to-return-russian-diplomats-to-u-s-poses-espionage-risk'});
CREATE (:Document {id: 'd60', name: 'The World Factbook'});

// --- How they belong together ---
MATCH (a:Person {id: 'p-obama'}),
         (b:Position {id: 'pos-us-president'}) CREATE (a)-[:OCCUPANCY {para: 15,
         offset: 2518}]->(b);
MATCH (a:Person {id: 'p-trump'}),
         (b:Position {id: 'pos-us-president'}) CREATE (a)-[:OCCUPANCY {para: 15,
         offset: 2664}]->(b);
MATCH (a:Person {id: 'p-biden'}),
         (b:Position {id: 'pos-us-president'}) CREATE (a)-[:OCCUPANCY {para: 16,
         offset: 2811}]->(b);
MATCH (a:Person {id: 'p-rubio'}),
         (b:Position {id: 'pos-us-secstate'}) CREATE (a)-[:OCCUPANCY {para: 4, offset: 548}]->(b);
MATCH (a:Person {id: 'p-kolbe'}),
         (b:Organization {id: 'org-belfer'}) CREATE (a)-[:EMPLOYMENT {para: 9, offset: 1473,
         role: 'senior fellow'}]->(b);
MATCH (a:Organization {id: 'org-belfer'}),
         (b:Organization {id: 'org-harvard'}) CREATE (a)-[:PART_OF {para: 9, offset: 1504}]->(b);
MATCH (a:Person {id: 'p-trump'}),
         (b:PublicBody {id: 'pb-trump-admin'}) CREATE (a)-[:DIRECTORSHIP {para: 1, offset: 17,
         basis: 'implied'}]->(b);
MATCH (a:PublicBody {id: 'pb-trump-admin'}),
         (b:Country {id: 'c-us'}) CREATE (a)-[:COUNTRY {para: 1, offset: 17,
         basis: 'implied'}]->(b);
MATCH (a:PublicBody {id: 'pb-kremlin'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:COUNTRY {para: 17,
         offset: 3122, basis: 'implied'}]->(b);
MATCH (a:PublicBody {id: 'pb-ru-un'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:COUNTRY {para: 16,
         offset: 2907}]->(b);
MATCH (a:LegalEntity {id: 'le-ru-agents'}),
         (b:Country {id: 'c-ru'}) CREATE (a)-[:COUNTRY {para: 15, offset: 2762}]->(b);
MATCH (a:Position {id: 'pos-us-president'}),
         (b:Country {id: 'c-us'}) CREATE (a)-[:COUNTRY {para: 14, offset: 2345}]->(b);
MATCH (a:Position {id: 'pos-us-secstate'}),
         (b:Country {id: 'c-us'}) CREATE (a)-[:COUNTRY {para: 4, offset: 525,
         basis: 'implied'}]->(b);
MATCH (a:Facility {id: 'f-ny'}), (b:Place {id: 'pl-newyork'}) CREATE (a)-[:LOCATION {para: 15,
         offset: 2604}]->(b);
MATCH (a:Facility {id: 'f-ny'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR {para: 14,
         offset: 2431, basis: 'implied'}]->(b);
MATCH (a:Facility {id: 'f-md'}), (b:Place {id: 'pl-maryland'}) CREATE (a)-[:LOCATION {para: 15,
         offset: 2604}]->(b);
MATCH (a:Facility {id: 'f-md'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR {para: 14,
         offset: 2431, basis: 'implied'}]->(b);
MATCH (a:Facility {id: 'f-sea'}), (b:Place {id: 'pl-seattle'}) CREATE (a)-[:LOCATION {para: 15,
         offset: 2726}]->(b);
MATCH (a:Facility {id: 'f-sea'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR {para: 15,
         offset: 2726}]->(b);
MATCH (a:Facility {id: 'f-us-emb'}), (b:Place {id: 'pl-moscow'}) CREATE (a)-[:LOCATION {para: 17,
         offset: 3146}]->(b);
MATCH (a:Facility {id: 'f-us-emb'}), (b:Country {id: 'c-us'}) CREATE (a)-[:OPERATOR {para: 17,
         offset: 3146}]->(b);
MATCH (a:Facility {id: 'f-us-cons'}), (b:Country {id: 'c-us'}) CREATE (a)-[:OPERATOR {para: 17,
         offset: 3092}]->(b);
MATCH (a:Facility {id: 'f-ru-fac'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR {para: 14,
         offset: 2441}]->(b);
MATCH (a:Facility {id: 'f-ny'}), (b:Document {id: 'd-article'}) CREATE (a)-[:PROOF {para: 15,
         offset: 2604}]->(b);
MATCH (a:Facility {id: 'f-md'}), (b:Document {id: 'd-article'}) CREATE (a)-[:PROOF {para: 15,
         offset: 2604}]->(b);
MATCH (a:Facility {id: 'f-sea'}), (b:Document {id: 'd-article'}) CREATE (a)-[:PROOF {para: 15,
         offset: 2719}]->(b);
MATCH (a:Facility {id: 'f-us-emb'}), (b:Document {id: 'd-article'}) CREATE (a)-[:PROOF {para: 17,
         offset: 3146}]->(b);
MATCH (a:Facility {id: 'f-us-cons'}), (b:Document {id: 'd-article'}) CREATE (a)-[:PROOF {para: 17,
         offset: 3092}]->(b);
MATCH (a:Facility {id: 'f-ru-fac'}), (b:Document {id: 'd-article'}) CREATE (a)-[:PROOF {para: 14,
         offset: 2441}]->(b);
MATCH (a:PublicBody {id: 'c-ru-un'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:COUNTRY]->(b);
MATCH (a:Facility {id: 'f-brookville'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-pioneer'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-dacha'}), (b:Country {id: 'c-us'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-warehouse'}), (b:Country {id: 'c-us'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-sfo'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-dc-annex'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-ny-annex'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-sea-res'}), (b:Country {id: 'c-ru'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-us-stp'}), (b:Country {id: 'c-us'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-us-vlad'}), (b:Country {id: 'c-us'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-us-yek'}), (b:Country {id: 'c-us'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-gb-stp'}), (b:Country {id: 'c-gb'}) CREATE (a)-[:OPERATOR]->(b);
MATCH (a:Facility {id: 'f-bc'}), (b:Country {id: 'c-gb'}) CREATE (a)-[:OPERATOR]->(b);

// --- The dated history ---
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (d01:Document {id: 'd01'})
CREATE (e:Event {id: 'h01', name: 'Interference in the 2016 US vote', date: edtf('2016~'),
         dateMin: '2016-01-01', dateMax: '2016-12-31', eventType: 'interfere', cameo: '170',
         status: 'happened', note: 'Denied by Russia'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:PROOF]->(d01)
FROM SOURCE d01 GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (d02:Document {id: 'd02'})
CREATE (e:Event {id: 'h02', name: 'Guard and diplomat fight at the US embassy',
         date: edtf('2016-06-06'), dateMin: '2016-06-06', dateMax: '2016-06-06', eventType: 'assault',
         cameo: '182', status: 'happened', note: 'Each side says the other struck first'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:PROOF]->(d02)
FROM SOURCE d02 GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_obama:Person {id: 'p-obama'}), (c_ru:Country {id: 'c-ru'}),
         (h02:Event {id: 'h02'}), (d03:Document {id: 'd03'}), (d02:Document {id: 'd02'})
CREATE (e:Event {id: 'h03', name: 'US expels 2', date: edtf('2016-06-17'), dateMin: '2016-06-17',
         dateMax: '2016-06-17', eventType: 'expel-diplomats', cameo: '161', count: 2,
         status: 'happened'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_obama),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h02),
       (e)-[:PROOF]->(d03),
       (e)-[:PROOF]->(d02)
FROM SOURCE d03 GRADE 'B2';
MATCH (d:Document {id: 'd02'}) MERGE (e:Event {id: 'h03'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_obama:Person {id: 'p-obama'}), (c_ru:Country {id: 'c-ru'}),
         (h01:Event {id: 'h01'}), (d04:Document {id: 'd04'}), (d05:Document {id: 'd05'})
CREATE (e:Event {id: 'h04', name: 'US expels 35', date: edtf('2016-12-29'), dateMin: '2016-12-29',
         dateMax: '2016-12-29', eventType: 'expel-diplomats', cameo: '161', count: 35,
         status: 'happened'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_obama),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h01),
       (e)-[:PROOF]->(d04),
       (e)-[:PROOF]->(d05)
FROM SOURCE d04 GRADE 'B2';
MATCH (d:Document {id: 'd05'}) MERGE (e:Event {id: 'h04'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_obama:Person {id: 'p-obama'}), (c_ru:Country {id: 'c-ru'}),
         (f_brookville:Facility {id: 'f-brookville'}), (f_pioneer:Facility {id: 'f-pioneer'}),
         (h01:Event {id: 'h01'}), (d06:Document {id: 'd06'}), (d07:Document {id: 'd07'}),
         (d08:Document {id: 'd08'})
CREATE (e:Event {id: 'h05', name: 'US bars Russia from two compounds', date: edtf('2016-12-30'),
         dateMin: '2016-12-30', dateMax: '2016-12-30', eventType: 'seize-property', cameo: '171',
         count: 2, status: 'happened',
         note: 'Announced on 2016-12-29; which Long Island house it was, papers differed'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_obama),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:FACILITY {effect: 'closed'}]->(f_brookville),
       (e)-[:FACILITY {effect: 'closed'}]->(f_pioneer),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h01),
       (e)-[:PROOF]->(d06),
       (e)-[:PROOF]->(d07),
       (e)-[:PROOF]->(d08)
FROM SOURCE d06 GRADE 'B2';
MATCH (d:Document {id: 'd07'}) MERGE (e:Event {id: 'h05'})
FROM SOURCE d GRADE 'B2';
MATCH (d:Document {id: 'd08'}) MERGE (e:Event {id: 'h05'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (d09:Document {id: 'd09'}),
         (d10:Document {id: 'd10'})
CREATE (e:Event {id: 'h06', name: 'Russia holds back', date: edtf('2016-12-30'), dateMin: '2016-12-30',
         dateMax: '2016-12-30', eventType: 'decline-retaliation', status: 'happened',
         note: 'The foreign minister had proposed 31 and 4'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:PROOF]->(d09),
       (e)-[:PROOF]->(d10)
FROM SOURCE d09 GRADE 'B2';
MATCH (d:Document {id: 'd10'}) MERGE (e:Event {id: 'h06'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}), (d11:Document {id: 'd11'}),
         (d12:Document {id: 'd12'})
CREATE (e:Event {id: 'h07', name: 'Congress votes sanctions (CAATSA)', date: edtf('2017-07-27'),
         dateMin: '2017-07-25', dateMax: '2017-07-27', eventType: 'sanction', cameo: '163',
         status: 'happened',
         note: 'House 419 to 3 on 2017-07-25, Senate 98 to 2 on 2017-07-27, signed on 2017-08-02'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:PROOF]->(d11),
       (e)-[:PROOF]->(d12)
FROM SOURCE d11 GRADE 'B2';
MATCH (d:Document {id: 'd12'}) MERGE (e:Event {id: 'h07'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (h07:Event {id: 'h07'}),
         (h04:Event {id: 'h04'}), (d13:Document {id: 'd13'}), (d14:Document {id: 'd14'}),
         (d15:Document {id: 'd15'})
CREATE (e:Event {id: 'h08', name: 'Russia caps US staff at 455', date: edtf('2017-07-28'),
         dateMin: '2017-07-28', dateMax: '2017-07-28', eventType: 'cut-staff', cameo: '161',
         count: 755, status: 'happened',
         note: '755 people had to go, most of them local staff; another source says around 700'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h07),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h04),
       (e)-[:PROOF]->(d13),
       (e)-[:PROOF]->(d14),
       (e)-[:PROOF]->(d15)
FROM SOURCE d13 GRADE 'B2';
MATCH (d:Document {id: 'd14'}) MERGE (e:Event {id: 'h08'})
FROM SOURCE d GRADE 'B2';
MATCH (d:Document {id: 'd15'}) MERGE (e:Event {id: 'h08'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}),
         (f_dacha:Facility {id: 'f-dacha'}), (f_warehouse:Facility {id: 'f-warehouse'}),
         (h07:Event {id: 'h07'}), (h05:Event {id: 'h05'}), (d14:Document {id: 'd14'}),
         (d16:Document {id: 'd16'})
CREATE (e:Event {id: 'h09', name: 'Russia bars the US from dacha and warehouse',
         date: edtf('2017-08-01'), dateMin: '2017-08-01', dateMax: '2017-08-01',
         eventType: 'seize-property', cameo: '171', count: 2, status: 'happened'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:FACILITY {effect: 'closed'}]->(f_dacha),
       (e)-[:FACILITY {effect: 'closed'}]->(f_warehouse),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h07),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h05),
       (e)-[:PROOF]->(d14),
       (e)-[:PROOF]->(d16)
FROM SOURCE d14 GRADE 'B2';
MATCH (d:Document {id: 'd16'}) MERGE (e:Event {id: 'h09'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_trump:Person {id: 'p-trump'}), (c_ru:Country {id: 'c-ru'}),
         (f_sfo:Facility {id: 'f-sfo'}), (f_dc_annex:Facility {id: 'f-dc-annex'}),
         (f_ny_annex:Facility {id: 'f-ny-annex'}), (h08:Event {id: 'h08'}),
         (d17:Document {id: 'd17'}), (d18:Document {id: 'd18'}), (d19:Document {id: 'd19'})
CREATE (e:Event {id: 'h10', name: 'US closes San Francisco and two annexes', date: edtf('2017-08-31'),
         dateMin: '2017-08-31', dateMax: '2017-08-31', eventType: 'close-facility', cameo: '161',
         count: 3, status: 'happened', deadline: '2017-09-02', note: 'Named as parity'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_trump),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:FACILITY {effect: 'closed'}]->(f_sfo),
       (e)-[:FACILITY {effect: 'closed'}]->(f_dc_annex),
       (e)-[:FACILITY {effect: 'closed'}]->(f_ny_annex),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h08),
       (e)-[:PROOF]->(d17),
       (e)-[:PROOF]->(d18),
       (e)-[:PROOF]->(d19)
FROM SOURCE d17 GRADE 'B2';
MATCH (d:Document {id: 'd18'}) MERGE (e:Event {id: 'h10'})
FROM SOURCE d GRADE 'B2';
MATCH (d:Document {id: 'd19'}) MERGE (e:Event {id: 'h10'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_gb:Country {id: 'c-gb'}), (d20:Document {id: 'd20'}),
         (d21:Document {id: 'd21'})
CREATE (e:Event {id: 'h11', name: 'Skripals poisoned', date: edtf('2018-03-04'), dateMin: '2018-03-04',
         dateMax: '2018-03-04', eventType: 'assassination-attempt', cameo: '185', count: 2,
         status: 'happened', note: 'Denied by Russia'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_gb),
       (e)-[:PROOF]->(d20),
       (e)-[:PROOF]->(d21)
FROM SOURCE d20 GRADE 'B2';
MATCH (d:Document {id: 'd21'}) MERGE (e:Event {id: 'h11'})
FROM SOURCE d GRADE 'B2';
MATCH (c_gb:Country {id: 'c-gb'}), (c_ru:Country {id: 'c-ru'}), (h11:Event {id: 'h11'}),
         (d21:Document {id: 'd21'})
CREATE (e:Event {id: 'h12', name: 'UK expels 23', date: edtf('2018-03-14'), dateMin: '2018-03-14',
         dateMax: '2018-03-14', eventType: 'expel-diplomats', cameo: '161', count: 23,
         status: 'happened'}),
       (e)-[:ACTOR]->(c_gb),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h11),
       (e)-[:PROOF]->(d21)
FROM SOURCE d21 GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_gb:Country {id: 'c-gb'}),
         (f_gb_stp:Facility {id: 'f-gb-stp'}), (f_bc:Facility {id: 'f-bc'}),
         (h12:Event {id: 'h12'}), (d22:Document {id: 'd22'}), (d23:Document {id: 'd23'})
CREATE (e:Event {id: 'h13', name: 'Russia expels 23 Britons', date: edtf('2018-03-17'),
         dateMin: '2018-03-17', dateMax: '2018-03-17', eventType: 'expel-diplomats', cameo: '161',
         count: 23, status: 'happened'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_gb),
       (e)-[:FACILITY {effect: 'closed'}]->(f_gb_stp),
       (e)-[:FACILITY {effect: 'closed'}]->(f_bc),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h12),
       (e)-[:PROOF]->(d22),
       (e)-[:PROOF]->(d23)
FROM SOURCE d22 GRADE 'B2';
MATCH (d:Document {id: 'd23'}) MERGE (e:Event {id: 'h13'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_trump:Person {id: 'p-trump'}), (c_ru:Country {id: 'c-ru'}),
         (h11:Event {id: 'h11'}), (d24:Document {id: 'd24'}), (d25:Document {id: 'd25'})
CREATE (e:Event {id: 'h14', name: 'US expels 60', date: edtf('2018-03-26'), dateMin: '2018-03-26',
         dateMax: '2018-03-26', eventType: 'expel-diplomats', cameo: '161', count: 60,
         status: 'happened', note: '48 at embassy and consulates, 12 at the UN'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_trump),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h11),
       (e)-[:PROOF]->(d24),
       (e)-[:PROOF]->(d25)
FROM SOURCE d24 GRADE 'B2';
MATCH (d:Document {id: 'd25'}) MERGE (e:Event {id: 'h14'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_trump:Person {id: 'p-trump'}), (c_ru:Country {id: 'c-ru'}),
         (f_sea:Facility {id: 'f-sea'}), (h11:Event {id: 'h11'}), (d24:Document {id: 'd24'}),
         (d26:Document {id: 'd26'}), (d27:Document {id: 'd27'})
CREATE (e:Event {id: 'h15', name: 'US closes Seattle', date: edtf('2018-03-26'), dateMin: '2018-03-26',
         dateMax: '2018-03-26', eventType: 'close-facility', cameo: '161', count: 1,
         status: 'happened', deadline: '2018-04-01 or 2018-04-02',
         note: 'Last day 1 or 2 April: sources differ'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_trump),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:FACILITY {effect: 'closed'}]->(f_sea),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h11),
       (e)-[:PROOF]->(d24),
       (e)-[:PROOF]->(d26),
       (e)-[:PROOF]->(d27)
FROM SOURCE d24 GRADE 'B2';
MATCH (d:Document {id: 'd26'}) MERGE (e:Event {id: 'h15'})
FROM SOURCE d GRADE 'B2';
MATCH (d:Document {id: 'd27'}) MERGE (e:Event {id: 'h15'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (h14:Event {id: 'h14'}),
         (d28:Document {id: 'd28'}), (d29:Document {id: 'd29'})
CREATE (e:Event {id: 'h16', name: 'Russia expels 60', date: edtf('2018-03-29'), dateMin: '2018-03-29',
         dateMax: '2018-03-29', eventType: 'expel-diplomats', cameo: '161', count: 60,
         status: 'happened', note: '58 in Moscow, 2 in Yekaterinburg'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h14),
       (e)-[:PROOF]->(d28),
       (e)-[:PROOF]->(d29)
FROM SOURCE d28 GRADE 'B2';
MATCH (d:Document {id: 'd29'}) MERGE (e:Event {id: 'h16'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}),
         (f_us_stp:Facility {id: 'f-us-stp'}), (h15:Event {id: 'h15'}),
         (d28:Document {id: 'd28'}), (d30:Document {id: 'd30'})
CREATE (e:Event {id: 'h17', name: 'Russia closes St Petersburg', date: edtf('2018-03-29'),
         dateMin: '2018-03-29', dateMax: '2018-03-29', eventType: 'close-facility', cameo: '161',
         count: 1, status: 'happened', deadline: '2018-03-31'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:FACILITY {effect: 'closed'}]->(f_us_stp),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h15),
       (e)-[:PROOF]->(d28),
       (e)-[:PROOF]->(d30)
FROM SOURCE d28 GRADE 'B2';
MATCH (d:Document {id: 'd30'}) MERGE (e:Event {id: 'h17'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_trump:Person {id: 'p-trump'}), (c_ru:Country {id: 'c-ru'}),
         (f_sea_res:Facility {id: 'f-sea-res'}), (d31:Document {id: 'd31'})
CREATE (e:Event {id: 'h18', name: 'US takes the Seattle residence', date: edtf('2018-04-25'),
         dateMin: '2018-04-25', dateMax: '2018-04-25', eventType: 'seize-property', cameo: '171',
         count: 1, status: 'happened', note: 'Part of the closing of Seattle'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_trump),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:FACILITY {effect: 'closed'}]->(f_sea_res),
       (e)-[:PROOF]->(d31)
FROM SOURCE d31 GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_trump:Person {id: 'p-trump'}),
         (f_us_vlad:Facility {id: 'f-us-vlad'}), (f_us_yek:Facility {id: 'f-us-yek'}),
         (h08:Event {id: 'h08'}), (d32:Document {id: 'd32'}), (d33:Document {id: 'd33'})
CREATE (e:Event {id: 'h19', name: 'US gives up Vladivostok and Yekaterinburg', date: edtf('2020-12-10'),
         dateMin: '2020-12-10', dateMax: '2020-12-18', eventType: 'close-facility', cameo: '161',
         count: 2, status: 'happened', note: 'The staff cap is given as the reason'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_trump),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:FACILITY {effect: 'closed'}]->(f_us_vlad),
       (e)-[:FACILITY {effect: 'closed'}]->(f_us_yek),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h08),
       (e)-[:PROOF]->(d32),
       (e)-[:PROOF]->(d33)
FROM SOURCE d32 GRADE 'B2';
MATCH (d:Document {id: 'd33'}) MERGE (e:Event {id: 'h19'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (d32:Document {id: 'd32'})
CREATE (e:Event {id: 'h20', name: 'SolarWinds found', date: edtf('2020-12-13'), dateMin: '2020-12-13',
         dateMax: '2020-12-13', eventType: 'cyberattack', cameo: '176', status: 'happened',
         note: 'Denied by Russia'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:PROOF]->(d32)
FROM SOURCE d32 GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_biden:Person {id: 'p-biden'}), (c_ru:Country {id: 'c-ru'}),
         (h20:Event {id: 'h20'}), (d34:Document {id: 'd34'}), (d35:Document {id: 'd35'})
CREATE (e:Event {id: 'h21', name: 'US expels 10', date: edtf('2021-04-15'), dateMin: '2021-04-15',
         dateMax: '2021-04-15', eventType: 'expel-diplomats', cameo: '161', count: 10,
         status: 'happened'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_biden),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h20),
       (e)-[:PROOF]->(d34),
       (e)-[:PROOF]->(d35)
FROM SOURCE d34 GRADE 'B2';
MATCH (d:Document {id: 'd35'}) MERGE (e:Event {id: 'h21'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (d34:Document {id: 'd34'})
CREATE (e:Event {id: 'h01b', name: 'Interference in the 2020 US vote', date: edtf('2020~'),
         dateMin: '2020-01-01', dateMax: '2020-12-31', eventType: 'interfere', cameo: '170',
         status: 'happened', note: 'Denied by Russia'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:PROOF]->(d34)
FROM SOURCE d34 GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (h21:Event {id: 'h21'}),
         (d34:Document {id: 'd34'}), (d35:Document {id: 'd35'})
CREATE (e:Event {id: 'h22', name: 'Russia expels 10', date: edtf('2021-04-16'), dateMin: '2021-04-16',
         dateMax: '2021-04-16', eventType: 'expel-diplomats', cameo: '161', count: 10,
         status: 'happened', deadline: '2021-05-21', note: '8 officials barred as well'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h21),
       (e)-[:PROOF]->(d34),
       (e)-[:PROOF]->(d35)
FROM SOURCE d34 GRADE 'B2';
MATCH (d:Document {id: 'd35'}) MERGE (e:Event {id: 'h22'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (h21:Event {id: 'h21'}),
         (d36:Document {id: 'd36'}), (d37:Document {id: 'd37'})
CREATE (e:Event {id: 'h23', name: 'Decree 243 on local staff', date: edtf('2021-04-23'),
         dateMin: '2021-04-23', dateMax: '2021-04-23', eventType: 'restrict-mission',
         cameo: '172', status: 'happened', note: 'Unfriendly states may lose local staff'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h21),
       (e)-[:PROOF]->(d36),
       (e)-[:PROOF]->(d37)
FROM SOURCE d36 GRADE 'B2';
MATCH (d:Document {id: 'd37'}) MERGE (e:Event {id: 'h23'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (h21:Event {id: 'h21'}),
         (d38:Document {id: 'd38'}), (d39:Document {id: 'd39'})
CREATE (e:Event {id: 'h24', name: 'US listed as unfriendly', date: edtf('2021-05-14'),
         dateMin: '2021-05-14', dateMax: '2021-05-14', eventType: 'restrict-mission',
         cameo: '172', status: 'happened'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h21),
       (e)-[:PROOF]->(d38),
       (e)-[:PROOF]->(d39)
FROM SOURCE d38 GRADE 'B2';
MATCH (d:Document {id: 'd39'}) MERGE (e:Event {id: 'h24'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}),
         (f_us_emb:Facility {id: 'f-us-emb'}), (h21:Event {id: 'h21'}),
         (d40:Document {id: 'd40'}), (d41:Document {id: 'd41'})
CREATE (e:Event {id: 'h25', name: 'Local staff ban in force', date: edtf('2021-08-01'),
         dateMin: '2021-08-01', dateMax: '2021-08-01', eventType: 'restrict-mission',
         cameo: '172', count: 182, status: 'happened',
         note: '182 employees; another source says over 200'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:FACILITY {effect: 'restricted'}]->(f_us_emb),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h21),
       (e)-[:PROOF]->(d40),
       (e)-[:PROOF]->(d41)
FROM SOURCE d40 GRADE 'B2';
MATCH (d:Document {id: 'd41'}) MERGE (e:Event {id: 'h25'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_biden:Person {id: 'p-biden'}), (c_ru:Country {id: 'c-ru'}),
         (d42:Document {id: 'd42'}), (d43:Document {id: 'd43'})
CREATE (e:Event {id: 'h26', name: '27 Russians told to go', date: edtf('2021-11-28'),
         dateMin: '2021-11-28', dateMax: '2021-11-28', eventType: 'expel-diplomats', cameo: '161',
         count: 27, status: 'happened', deadline: '2022-01-30',
         note: 'The US calls it a three-year rule, not an expulsion'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_biden),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:PROOF]->(d42),
       (e)-[:PROOF]->(d43)
FROM SOURCE d42 GRADE 'B2';
MATCH (d:Document {id: 'd43'}) MERGE (e:Event {id: 'h26'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (h26:Event {id: 'h26'}),
         (d44:Document {id: 'd44'})
CREATE (e:Event {id: 'h27', name: 'Long-serving US staff told to go', date: edtf('2021-12-01'),
         dateMin: '2021-12-01', dateMax: '2021-12-01', eventType: 'expel-diplomats', cameo: '161',
         status: 'happened', deadline: '2022-01-31'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h26),
       (e)-[:PROOF]->(d44)
FROM SOURCE d44 GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (h26:Event {id: 'h26'}),
         (d45:Document {id: 'd45'}), (d46:Document {id: 'd46'})
CREATE (e:Event {id: 'h28', name: 'Russia expels the deputy chief of mission', date: edtf('2022-02-10'),
         dateMin: '2022-02-10', dateMax: '2022-02-17', eventType: 'expel-diplomats', cameo: '161',
         count: 1, status: 'happened'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h26),
       (e)-[:PROOF]->(d45),
       (e)-[:PROOF]->(d46)
FROM SOURCE d45 GRADE 'B2';
MATCH (d:Document {id: 'd46'}) MERGE (e:Event {id: 'h28'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_biden:Person {id: 'p-biden'}), (c_ru:Country {id: 'c-ru'}),
         (h28:Event {id: 'h28'}), (d47:Document {id: 'd47'})
CREATE (e:Event {id: 'h29', name: 'US expels the embassy’s second', date: edtf('2022-02~'),
         dateMin: '2022-02-20', dateMax: '2022-02-28', eventType: 'expel-diplomats', cameo: '161',
         count: 1, status: 'happened', note: 'The day is not certain'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_biden),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h28),
       (e)-[:PROOF]->(d47)
FROM SOURCE d47 GRADE 'C3';
MATCH (c_ru:Country {id: 'c-ru'}), (c_ua:Country {id: 'c-ua'}), (d48:Document {id: 'd48'})
CREATE (e:Event {id: 'h30', name: 'Invasion of Ukraine', date: edtf('2022-02-24'),
         dateMin: '2022-02-24', dateMax: '2022-02-24', eventType: 'invade', cameo: '190',
         status: 'happened', note: 'The day is not verified in the sources listed'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_ua),
       (e)-[:PROOF]->(d48)
FROM SOURCE d48 GRADE 'C3';
MATCH (c_us:Country {id: 'c-us'}), (p_biden:Person {id: 'p-biden'}),
         (c_ru_un:PublicBody {id: 'c-ru-un'}), (d49:Document {id: 'd49'}),
         (d47:Document {id: 'd47'})
CREATE (e:Event {id: 'h31', name: 'US expels 12 at the UN', date: edtf('2022-02-28'),
         dateMin: '2022-02-28', dateMax: '2022-02-28', eventType: 'expel-diplomats', cameo: '161',
         count: 12, status: 'happened', deadline: '2022-03-07',
         note: 'The US says it had been prepared for months; one source counts 13'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_biden),
       (e)-[:RECIPIENT]->(c_ru_un),
       (e)-[:PROOF]->(d49),
       (e)-[:PROOF]->(d47)
FROM SOURCE d49 GRADE 'B2';
MATCH (d:Document {id: 'd47'}) MERGE (e:Event {id: 'h31'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (h31:Event {id: 'h31'}),
         (d50:Document {id: 'd50'}), (d51:Document {id: 'd51'})
CREATE (e:Event {id: 'h32', name: 'Russia expels a list of US diplomats', date: edtf('2022-03-23'),
         dateMin: '2022-03-23', dateMax: '2022-03-23', eventType: 'expel-diplomats', cameo: '161',
         status: 'happened'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h31),
       (e)-[:PROOF]->(d50),
       (e)-[:PROOF]->(d51)
FROM SOURCE d50 GRADE 'B2';
MATCH (d:Document {id: 'd51'}) MERGE (e:Event {id: 'h32'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (d52:Document {id: 'd52'})
CREATE (e:Event {id: 'h33', name: 'Russia expels 2 (Shonov case)', date: edtf('2023-09-14'),
         dateMin: '2023-09-14', dateMax: '2023-09-14', eventType: 'expel-diplomats', cameo: '161',
         count: 2, status: 'happened'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:PROOF]->(d52)
FROM SOURCE d52 GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_biden:Person {id: 'p-biden'}), (c_ru:Country {id: 'c-ru'}),
         (h33:Event {id: 'h33'}), (d52:Document {id: 'd52'}), (d53:Document {id: 'd53'})
CREATE (e:Event {id: 'h34', name: 'US expels 2', date: edtf('2023-10-06'), dateMin: '2023-10-06',
         dateMax: '2023-10-06', eventType: 'expel-diplomats', cameo: '161', count: 2,
         status: 'happened'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_biden),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:IN_RESPONSE_TO {basis: 'stated'}]->(h33),
       (e)-[:PROOF]->(d52),
       (e)-[:PROOF]->(d53)
FROM SOURCE d52 GRADE 'B2';
MATCH (d:Document {id: 'd53'}) MERGE (e:Event {id: 'h34'})
FROM SOURCE d GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_trump:Person {id: 'p-trump'}), (c_ru:Country {id: 'c-ru'}),
         (d54:Document {id: 'd54'})
CREATE (e:Event {id: 'h35', name: 'Presidents speak by telephone', date: edtf('2025-02-12'),
         dateMin: '2025-02-12', dateMax: '2025-02-12', eventType: 'talk', cameo: '041',
         status: 'happened'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_trump),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:PROOF]->(d54)
FROM SOURCE d54 GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (p_rubio:Person {id: 'p-rubio'}), (c_ru:Country {id: 'c-ru'}),
         (d55:Document {id: 'd55'})
CREATE (e:Event {id: 'h36', name: 'Ministers meet in Riyadh', date: edtf('2025-02-18'),
         dateMin: '2025-02-18', dateMax: '2025-02-18', eventType: 'meet', cameo: '044',
         status: 'happened'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:ACTOR]->(p_rubio),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:PROOF]->(d55)
FROM SOURCE d55 GRADE 'B2';
MATCH (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}), (d56:Document {id: 'd56'}),
         (d57:Document {id: 'd57'})
CREATE (e:Event {id: 'h37', name: 'Delegations meet in Istanbul', date: edtf('2025-02-27'),
         dateMin: '2025-02-27', dateMax: '2025-02-27', eventType: 'meet', cameo: '044',
         status: 'happened'}),
       (e)-[:ACTOR]->(c_us),
       (e)-[:RECIPIENT]->(c_ru),
       (e)-[:PROOF]->(d56),
       (e)-[:PROOF]->(d57)
FROM SOURCE d56 GRADE 'B2';
MATCH (d:Document {id: 'd57'}) MERGE (e:Event {id: 'h37'})
FROM SOURCE d GRADE 'B2';
MATCH (d58:Document {id: 'd58'}), (d59:Document {id: 'd59'})
CREATE (e:Event {id: 'h38', name: 'New York Times reports the plan', date: edtf('2025-03-09'),
         dateMin: '2025-03-09', dateMax: '2025-03-09', eventType: 'report', cameo: '010',
         status: 'happened'}),
       (e)-[:PROOF]->(d58),
       (e)-[:PROOF]->(d59)
FROM SOURCE d58 GRADE 'B2';
MATCH (d:Document {id: 'd59'}) MERGE (e:Event {id: 'h38'})
FROM SOURCE d GRADE 'B2';
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (d60:Document {id: 'd60'})
CREATE (e:Event {id: 'h39', name: 'A new ambassador; few consulates left', date: edtf('2025-06-11'),
         dateMin: '2025-06-11', dateMax: '2025-06-11', eventType: 'appoint', cameo: '050',
         status: 'happened', note: 'Russia keeps Houston and New York'}),
       (e)-[:ACTOR]->(c_ru),
       (e)-[:RECIPIENT]->(c_us),
       (e)-[:PROOF]->(d60)
FROM SOURCE d60 GRADE 'B2';

// --- What the article says ---
MATCH (p_rubio:Person {id: 'p-rubio'}), (d_article:Document {id: 'd-article'})
CREATE (e:Quote {id: 'q-rubio', name: 'Rubio: missions must be able to work', mode: 'direct'}),
       (e)-[:SPEAKER {para: 4, offset: 741}]->(p_rubio),
       (e)-[:PROOF {para: 4, offset: 686}]->(d_article);
MATCH (p_kolbe:Person {id: 'p-kolbe'}), (org_nyt:Organization {id: 'org-nyt'}),
         (pl_yasenevo:Place {id: 'pl-yasenevo'}), (pl_lubyanka:Place {id: 'pl-lubyanka'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Quote {id: 'q-kolbe1', name: 'Kolbe: the services would rejoice', mode: 'direct'}),
       (e)-[:SPEAKER {para: 9, offset: 1567}]->(p_kolbe),
       (e)-[:ADDRESSEE {para: 9, offset: 1567}]->(org_nyt),
       (e)-[:ABOUT {para: 9, offset: 1603}]->(pl_yasenevo),
       (e)-[:ABOUT {para: 9, offset: 1603}]->(pl_lubyanka),
       (e)-[:PROOF {para: 9, offset: 1592}]->(d_article);
MATCH (p_kolbe:Person {id: 'p-kolbe'}), (d_article:Document {id: 'd-article'})
CREATE (e:Quote {id: 'q-kolbe2', name: 'Kolbe: Russians in the US move more freely',
         mode: 'direct'}),
       (e)-[:SPEAKER {para: 11, offset: 2042}]->(p_kolbe),
       (e)-[:PROOF {para: 11, offset: 1873}]->(d_article);
MATCH (p_kolbe:Person {id: 'p-kolbe'}), (d_article:Document {id: 'd-article'})
CREATE (e:Quote {id: 'q-kolbe3', name: 'Kolbe: expect intelligence officers among them',
         mode: 'indirect'}),
       (e)-[:SPEAKER {para: 10, offset: 1701}]->(p_kolbe),
       (e)-[:PROOF {para: 10, offset: 1730}]->(d_article);
MATCH (p_kolbe:Person {id: 'p-kolbe'}), (pb_kremlin:PublicBody {id: 'pb-kremlin'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Quote {id: 'q-kolbe4', name: 'Kolbe: the rebuilding helps the Kremlin',
         mode: 'indirect'}),
       (e)-[:SPEAKER {para: 12, offset: 2163}]->(p_kolbe),
       (e)-[:ABOUT {para: 12, offset: 2132}]->(pb_kremlin),
       (e)-[:PROOF {para: 12, offset: 2079}]->(d_article);
MATCH (d_article:Document {id: 'd-article'})
CREATE (e:Quote {id: 'q-experts', name: 'Experts: Russian spies gain more', mode: 'indirect'}),
       (e)-[:PROOF {para: 7, offset: 1189}]->(d_article);
MATCH (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Quote {id: 'q-both', name: 'Both capitals: it may open wider talks', mode: 'indirect'}),
       (e)-[:SPEAKER {para: 5, offset: 764}]->(c_us),
       (e)-[:SPEAKER {para: 5, offset: 764}]->(c_ru),
       (e)-[:PROOF {para: 5, offset: 764}]->(d_article);
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}),
         (d_article:Document {id: 'd-article'}), (h01:Event {id: 'h01'})
CREATE (e:Event {id: 'e01', name: 'Interference in the 2016 vote', eventType: 'interfere',
         cameo: '170', plover: 'COERCE', date: edtf('2016~'), dateMin: '2016-01-01',
         dateMax: '2016-12-31', status: 'happened'}),
       (e)-[:ACTOR {para: 14, offset: 2279}]->(c_ru),
       (e)-[:RECIPIENT {para: 14, offset: 2279, basis: 'implied'}]->(c_us),
       (e)-[:PROOF {para: 14, offset: 2279}]->(d_article),
       (e)-[:SUMMARISES]->(h01)
FROM SOURCE d_article GRADE 'B3' AT {para: 14, offset: 2279};
MATCH (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}), (e01:Event {id: 'e01'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e02', name: 'Relations turn cold', eventType: 'relations-worsen',
         cameo: '160', plover: 'SANCTION', date: edtf('2016~/..'), dateMin: '2016-01-01',
         status: 'happened'}),
       (e)-[:INVOLVED {para: 14, offset: 2231}]->(c_us),
       (e)-[:INVOLVED {para: 14, offset: 2231}]->(c_ru),
       (e)-[:CAUSED_BY {para: 14, offset: 2231, basis: 'temporal'}]->(e01),
       (e)-[:PROOF {para: 14, offset: 2231}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 14, offset: 2231};
MATCH (pos_us_president:Position {id: 'pos-us-president'}), (c_ru:Country {id: 'c-ru'}),
         (e01:Event {id: 'e01'}), (d_article:Document {id: 'd-article'}), (h03:Event {id: 'h03'}),
         (h04:Event {id: 'h04'}), (h14:Event {id: 'h14'}), (h21:Event {id: 'h21'}),
         (h26:Event {id: 'h26'}), (h29:Event {id: 'h29'}), (h31:Event {id: 'h31'}),
         (h34:Event {id: 'h34'})
CREATE (e:Event {id: 'e03', name: 'Presidents send home over 100', eventType: 'expel-diplomats',
         cameo: '161', plover: 'SANCTION:expel', date: edtf('2016~/2025-03-09'), dateMin: '2016-01-01',
         dateMax: '2025-03-09', status: 'happened', count: 100, countOp: '>', countMin: 101,
         unit: 'diplomats', aggregate: true}),
       (e)-[:ACTOR {para: 14, offset: 2345}]->(pos_us_president),
       (e)-[:RECIPIENT {para: 14, offset: 2379}]->(c_ru),
       (e)-[:IN_RESPONSE_TO {para: 14, offset: 2332, basis: 'stated'}]->(e01),
       (e)-[:PROOF {para: 14, offset: 2345}]->(d_article),
       (e)-[:SUMMARISES]->(h03),
       (e)-[:SUMMARISES]->(h04),
       (e)-[:SUMMARISES]->(h14),
       (e)-[:SUMMARISES]->(h21),
       (e)-[:SUMMARISES]->(h26),
       (e)-[:SUMMARISES]->(h29),
       (e)-[:SUMMARISES]->(h31),
       (e)-[:SUMMARISES]->(h34)
FROM SOURCE d_article GRADE 'B3' AT {para: 14, offset: 2345};
MATCH (pos_us_president:Position {id: 'pos-us-president'}), (c_ru:Country {id: 'c-ru'}),
         (f_ru_fac:Facility {id: 'f-ru-fac'}), (e01:Event {id: 'e01'}),
         (d_article:Document {id: 'd-article'}), (h05:Event {id: 'h05'}), (h10:Event {id: 'h10'}),
         (h15:Event {id: 'h15'}), (h18:Event {id: 'h18'})
CREATE (e:Event {id: 'e04', name: 'Presidents close several missions',
         eventType: 'close-facility', cameo: '161', plover: 'SANCTION:discontinue',
         date: edtf('2016~/2025-03-09'), dateMin: '2016-01-01', dateMax: '2025-03-09',
         status: 'happened', countOp: 'several', unit: 'missions', aggregate: true}),
       (e)-[:ACTOR {para: 14, offset: 2345}]->(pos_us_president),
       (e)-[:RECIPIENT {para: 14, offset: 2441}]->(c_ru),
       (e)-[:FACILITY {para: 14, offset: 2431, effect: 'closed'}]->(f_ru_fac),
       (e)-[:IN_RESPONSE_TO {para: 14, offset: 2332, basis: 'stated'}]->(e01),
       (e)-[:PROOF {para: 14, offset: 2431}]->(d_article),
       (e)-[:SUMMARISES]->(h05),
       (e)-[:SUMMARISES]->(h10),
       (e)-[:SUMMARISES]->(h15),
       (e)-[:SUMMARISES]->(h18)
FROM SOURCE d_article GRADE 'B3' AT {para: 14, offset: 2431};
MATCH (p_obama:Person {id: 'p-obama'}), (c_ru:Country {id: 'c-ru'}), (e01:Event {id: 'e01'}),
         (d_article:Document {id: 'd-article'}), (h04:Event {id: 'h04'})
CREATE (e:Event {id: 'e05', name: 'Obama sends home 35', eventType: 'expel-diplomats',
         cameo: '161', plover: 'SANCTION:expel', date: edtf('[2016..2018]'), dateMin: '2016-01-01',
         dateMax: '2018-12-31', status: 'happened', count: 35, countOp: '=', countMin: 35,
         countMax: 35, unit: 'intelligence officers'}),
       (e)-[:ACTOR {para: 15, offset: 2518}]->(p_obama),
       (e)-[:RECIPIENT {para: 15, offset: 2549}]->(c_ru),
       (e)-[:IN_RESPONSE_TO {para: 14, offset: 2332, basis: 'implied'}]->(e01),
       (e)-[:PROOF {para: 15, offset: 2518}]->(d_article),
       (e)-[:SUMMARISES]->(h04)
FROM SOURCE d_article GRADE 'B3' AT {para: 15, offset: 2518};
MATCH (p_obama:Person {id: 'p-obama'}), (c_ru:Country {id: 'c-ru'}), (f_ny:Facility {id: 'f-ny'}),
         (f_md:Facility {id: 'f-md'}), (e01:Event {id: 'e01'}),
         (d_article:Document {id: 'd-article'}), (h05:Event {id: 'h05'})
CREATE (e:Event {id: 'e06', name: 'Obama takes two compounds', eventType: 'seize-property',
         cameo: '1711', plover: 'COERCE:seize', date: edtf('[2016..2018]'), dateMin: '2016-01-01',
         dateMax: '2018-12-31', status: 'happened', count: 2, countOp: '=', countMin: 2,
         countMax: 2, unit: 'diplomatic compounds'}),
       (e)-[:ACTOR {para: 15, offset: 2518}]->(p_obama),
       (e)-[:RECIPIENT {para: 14, offset: 2441, basis: 'implied'}]->(c_ru),
       (e)-[:FACILITY {para: 15, offset: 2597, effect: 'seized'}]->(f_ny),
       (e)-[:FACILITY {para: 15, offset: 2597, effect: 'seized'}]->(f_md),
       (e)-[:IN_RESPONSE_TO {para: 14, offset: 2332, basis: 'implied'}]->(e01),
       (e)-[:PROOF {para: 15, offset: 2597}]->(d_article),
       (e)-[:SUMMARISES]->(h05)
FROM SOURCE d_article GRADE 'B3' AT {para: 15, offset: 2597};
MATCH (le_ru_agents:LegalEntity {id: 'le-ru-agents'}), (p_exspy:Person {id: 'p-exspy'}),
         (c_gb:Country {id: 'c-gb'}), (d_article:Document {id: 'd-article'}),
         (h11:Event {id: 'h11'})
CREATE (e:Event {id: 'e07', name: 'Ex-spy poisoned in Britain',
         eventType: 'assassination-attempt', cameo: '180', plover: 'ASSAULT', date: edtf('[..2018]'),
         dateMax: '2018-12-31', status: 'happened'}),
       (e)-[:ACTOR {para: 15, offset: 2762}]->(le_ru_agents),
       (e)-[:RECIPIENT {para: 15, offset: 2777}]->(p_exspy),
       (e)-[:LOCATION {para: 15, offset: 2786}]->(c_gb),
       (e)-[:PROOF {para: 15, offset: 2762}]->(d_article),
       (e)-[:SUMMARISES]->(h11)
FROM SOURCE d_article GRADE 'B3' AT {para: 15, offset: 2762};
MATCH (p_trump:Person {id: 'p-trump'}), (c_ru:Country {id: 'c-ru'}), (e07:Event {id: 'e07'}),
         (d_article:Document {id: 'd-article'}), (h14:Event {id: 'h14'})
CREATE (e:Event {id: 'e08', name: 'Trump sends home 60', eventType: 'expel-diplomats',
         cameo: '161', plover: 'SANCTION:expel', date: edtf('2018'), dateMin: '2018-01-01',
         dateMax: '2018-12-31', status: 'happened', count: 60, countOp: '=', countMin: 60,
         countMax: 60, unit: 'Russian diplomats'}),
       (e)-[:ACTOR {para: 15, offset: 2664}]->(p_trump),
       (e)-[:RECIPIENT {para: 15, offset: 2689}]->(c_ru),
       (e)-[:IN_RESPONSE_TO {para: 15, offset: 2756, basis: 'temporal'}]->(e07),
       (e)-[:PROOF {para: 15, offset: 2664}]->(d_article),
       (e)-[:SUMMARISES]->(h14)
FROM SOURCE d_article GRADE 'B3' AT {para: 15, offset: 2664};
MATCH (p_trump:Person {id: 'p-trump'}), (c_ru:Country {id: 'c-ru'}),
         (f_sea:Facility {id: 'f-sea'}), (pl_seattle:Place {id: 'pl-seattle'}),
         (e07:Event {id: 'e07'}), (d_article:Document {id: 'd-article'}), (h15:Event {id: 'h15'})
CREATE (e:Event {id: 'e09', name: 'Trump shuts the Seattle consulate',
         eventType: 'close-facility', cameo: '161', plover: 'SANCTION:discontinue', date: edtf('2018'),
         dateMin: '2018-01-01', dateMax: '2018-12-31', status: 'happened', count: 1, countOp: '=',
         countMin: 1, countMax: 1, unit: 'consulate'}),
       (e)-[:ACTOR {para: 15, offset: 2664}]->(p_trump),
       (e)-[:RECIPIENT {para: 15, offset: 2719}]->(c_ru),
       (e)-[:FACILITY {para: 15, offset: 2719, effect: 'closed'}]->(f_sea),
       (e)-[:LOCATION {para: 15, offset: 2735}]->(pl_seattle),
       (e)-[:IN_RESPONSE_TO {para: 15, offset: 2756, basis: 'temporal'}]->(e07),
       (e)-[:PROOF {para: 15, offset: 2719}]->(d_article),
       (e)-[:SUMMARISES]->(h15)
FROM SOURCE d_article GRADE 'B3' AT {para: 15, offset: 2719};
MATCH (d_article:Document {id: 'd-article'}), (h20:Event {id: 'h20'})
CREATE (e:Event {id: 'e10', name: 'Network break-ins', eventType: 'cyberattack', cameo: '176',
         plover: 'COERCE:cyber', date: edtf('[..2025-03-09]'), dateMax: '2025-03-09',
         status: 'happened'}),
       (e)-[:PROOF {para: 16, offset: 2927}]->(d_article),
       (e)-[:SUMMARISES]->(h20)
FROM SOURCE d_article GRADE 'B3' AT {para: 16, offset: 2927};
MATCH (c_ru:Country {id: 'c-ru'}), (c_ua:Country {id: 'c-ua'}),
         (d_article:Document {id: 'd-article'}), (h30:Event {id: 'h30'})
CREATE (e:Event {id: 'e11', name: 'Ukraine invaded', eventType: 'invade', cameo: '190',
         plover: 'ASSAULT', date: edtf('[..2025-03-09]'), dateMax: '2025-03-09', status: 'happened'}),
       (e)-[:ACTOR {para: 16, offset: 2954}]->(c_ru),
       (e)-[:RECIPIENT {para: 16, offset: 2963}]->(c_ua),
       (e)-[:PROOF {para: 16, offset: 2954}]->(d_article),
       (e)-[:SUMMARISES]->(h30)
FROM SOURCE d_article GRADE 'B3' AT {para: 16, offset: 2954};
MATCH (p_biden:Person {id: 'p-biden'}), (c_ru:Country {id: 'c-ru'}), (e10:Event {id: 'e10'}),
         (e11:Event {id: 'e11'}), (d_article:Document {id: 'd-article'}), (h21:Event {id: 'h21'})
CREATE (e:Event {id: 'e12', name: 'Biden sends home 10', eventType: 'expel-diplomats',
         cameo: '161', plover: 'SANCTION:expel', date: edtf('[2018..2025-03-09]'),
         dateMin: '2018-01-01', dateMax: '2025-03-09', status: 'happened', count: 10,
         countOp: '=', countMin: 10, countMax: 10, unit: 'Russian diplomats'}),
       (e)-[:ACTOR {para: 16, offset: 2811}]->(p_biden),
       (e)-[:RECIPIENT {para: 16, offset: 2845}]->(c_ru),
       (e)-[:IN_RESPONSE_TO {para: 16, offset: 2927, basis: 'temporal', ambiguous: true}]->(e10),
       (e)-[:IN_RESPONSE_TO {para: 16, offset: 2927, basis: 'temporal', ambiguous: true}]->(e11),
       (e)-[:PROOF {para: 16, offset: 2811}]->(d_article),
       (e)-[:SUMMARISES]->(h21)
FROM SOURCE d_article GRADE 'B3' AT {para: 16, offset: 2811};
MATCH (p_biden:Person {id: 'p-biden'}), (pb_ru_un:PublicBody {id: 'pb-ru-un'}),
         (e10:Event {id: 'e10'}), (e11:Event {id: 'e11'}), (d_article:Document {id: 'd-article'}),
         (h31:Event {id: 'h31'})
CREATE (e:Event {id: 'e13', name: 'Biden removes 12 at the UN', eventType: 'expel-diplomats',
         cameo: '161', plover: 'SANCTION:expel', date: edtf('[2018..2025-03-09]'),
         dateMin: '2018-01-01', dateMax: '2025-03-09', status: 'happened', count: 12,
         countOp: '~', countMin: 12, countMax: 12, unit: 'suspected spies'}),
       (e)-[:ACTOR {para: 16, offset: 2811}]->(p_biden),
       (e)-[:RECIPIENT {para: 16, offset: 2902}]->(pb_ru_un),
       (e)-[:IN_RESPONSE_TO {para: 16, offset: 2927, basis: 'temporal', ambiguous: true}]->(e10),
       (e)-[:IN_RESPONSE_TO {para: 16, offset: 2927, basis: 'temporal', ambiguous: true}]->(e11),
       (e)-[:PROOF {para: 16, offset: 2878}]->(d_article),
       (e)-[:SUMMARISES]->(h31)
FROM SOURCE d_article GRADE 'B3' AT {para: 16, offset: 2878};
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (e03:Event {id: 'e03'}),
         (d_article:Document {id: 'd-article'}), (h16:Event {id: 'h16'}), (h22:Event {id: 'h22'}),
         (h28:Event {id: 'h28'}), (h32:Event {id: 'h32'}), (h33:Event {id: 'h33'})
CREATE (e:Event {id: 'e14', name: 'Russia answers in kind', eventType: 'expel-diplomats',
         cameo: '161', plover: 'SANCTION:expel', date: edtf('[2016..2025-03-09]'),
         dateMin: '2016-01-01', dateMax: '2025-03-09', status: 'happened', countOp: '?',
         unit: 'American diplomats', aggregate: true}),
       (e)-[:ACTOR {para: 17, offset: 3007}]->(c_ru),
       (e)-[:RECIPIENT {para: 17, offset: 3051}]->(c_us),
       (e)-[:IN_RESPONSE_TO {para: 17, offset: 2985, basis: 'stated',
         coverage: 'nearly every case'}]->(e03),
       (e)-[:PROOF {para: 17, offset: 3051}]->(d_article),
       (e)-[:SUMMARISES]->(h16),
       (e)-[:SUMMARISES]->(h22),
       (e)-[:SUMMARISES]->(h28),
       (e)-[:SUMMARISES]->(h32),
       (e)-[:SUMMARISES]->(h33)
FROM SOURCE d_article GRADE 'B3' AT {para: 17, offset: 3051};
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}),
         (f_us_cons:Facility {id: 'f-us-cons'}), (e04:Event {id: 'e04'}),
         (d_article:Document {id: 'd-article'}), (h17:Event {id: 'h17'}), (h19:Event {id: 'h19'})
CREATE (e:Event {id: 'e15', name: 'US loses consulates', eventType: 'close-facility',
         cameo: '161', plover: 'SANCTION:discontinue', date: edtf('[2016..2025-03-09]'),
         dateMin: '2016-01-01', dateMax: '2025-03-09', status: 'happened', countOp: '>=',
         countMin: 2, unit: 'US consulates', aggregate: true}),
       (e)-[:ACTOR {para: 17, offset: 3007}]->(c_ru),
       (e)-[:RECIPIENT {para: 17, offset: 3092}]->(c_us),
       (e)-[:FACILITY {para: 17, offset: 3084, effect: 'closed'}]->(f_us_cons),
       (e)-[:IN_RESPONSE_TO {para: 17, offset: 2985, basis: 'stated',
         coverage: 'nearly every case'}]->(e04),
       (e)-[:PROOF {para: 17, offset: 3084}]->(d_article),
       (e)-[:SUMMARISES]->(h17),
       (e)-[:SUMMARISES]->(h19)
FROM SOURCE d_article GRADE 'B3' AT {para: 17, offset: 3084};
MATCH (pb_kremlin:PublicBody {id: 'pb-kremlin'}), (c_us:Country {id: 'c-us'}),
         (f_us_emb:Facility {id: 'f-us-emb'}), (d_article:Document {id: 'd-article'}),
         (h23:Event {id: 'h23'}), (h25:Event {id: 'h25'})
CREATE (e:Event {id: 'e16', name: 'No local staff for the embassy', eventType: 'restrict-mission',
         cameo: '172', plover: 'COERCE:restrict', date: edtf('[2016..2025-03-09]'),
         dateMin: '2016-01-01', dateMax: '2025-03-09', status: 'happened'}),
       (e)-[:ACTOR {para: 17, offset: 3122}]->(pb_kremlin),
       (e)-[:RECIPIENT {para: 17, offset: 3139}]->(c_us),
       (e)-[:FACILITY {para: 17, offset: 3139, effect: 'restricted'}]->(f_us_emb),
       (e)-[:PROOF {para: 17, offset: 3122}]->(d_article),
       (e)-[:SUMMARISES]->(h23),
       (e)-[:SUMMARISES]->(h25)
FROM SOURCE d_article GRADE 'B3' AT {para: 17, offset: 3122};
MATCH (c_us:Country {id: 'c-us'}), (e16:Event {id: 'e16'}), (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e17', name: 'Diplomats do the chores', eventType: 'state',
         date: edtf('[2016..2025-03-09]'), dateMin: '2016-01-01', dateMax: '2025-03-09',
         status: 'happened'}),
       (e)-[:INVOLVED {para: 17, offset: 3199}]->(c_us),
       (e)-[:CAUSED_BY {para: 17, offset: 3139, basis: 'stated'}]->(e16),
       (e)-[:PROOF {para: 17, offset: 3199}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 17, offset: 3199};
MATCH (p_rubio:Person {id: 'p-rubio'}), (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}),
         (pl_riyadh:Place {id: 'pl-riyadh'}), (d_article:Document {id: 'd-article'}),
         (h36:Event {id: 'h36'})
CREATE (e:Event {id: 'e18', name: 'Talks in Riyadh', eventType: 'meet', cameo: '044',
         plover: 'CONSULT:third-party', date: edtf('2025-02~'), dateMin: '2025-02-01',
         dateMax: '2025-02-28', status: 'happened'}),
       (e)-[:ACTOR {para: 4, offset: 525, role: 'led the US delegation'}]->(p_rubio),
       (e)-[:ACTOR {para: 4, offset: 525}]->(c_us),
       (e)-[:ACTOR {para: 4, offset: 588}]->(c_ru),
       (e)-[:LOCATION {para: 4, offset: 514}]->(pl_riyadh),
       (e)-[:PROOF {para: 4, offset: 514}]->(d_article),
       (e)-[:SUMMARISES]->(h36)
FROM SOURCE d_article GRADE 'B3' AT {para: 4, offset: 514};
MATCH (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}),
         (pl_istanbul:Place {id: 'pl-istanbul'}), (d_article:Document {id: 'd-article'}),
         (h37:Event {id: 'h37'})
CREATE (e:Event {id: 'e19', name: 'Talks in Istanbul', eventType: 'meet', cameo: '044',
         plover: 'CONSULT:third-party', date: edtf('2025-02'), dateMin: '2025-02-01',
         dateMax: '2025-02-28', status: 'happened'}),
       (e)-[:ACTOR {para: 3, offset: 353}]->(c_us),
       (e)-[:ACTOR {para: 3, offset: 353}]->(c_ru),
       (e)-[:LOCATION {para: 3, offset: 378}]->(pl_istanbul),
       (e)-[:PROOF {para: 3, offset: 353}]->(d_article),
       (e)-[:SUMMARISES]->(h37)
FROM SOURCE d_article GRADE 'B3' AT {para: 3, offset: 353};
MATCH (pb_trump_admin:PublicBody {id: 'pb-trump-admin'}), (c_ru:Country {id: 'c-ru'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e20', name: 'Talks on letting diplomats return', eventType: 'negotiate',
         cameo: '046', plover: 'CONSULT', date: edtf('../2025-03-09'), dateMax: '2025-03-09',
         status: 'ongoing'}),
       (e)-[:ACTOR {para: 1, offset: 17}]->(pb_trump_admin),
       (e)-[:ACTOR {para: 1, offset: 45}]->(c_ru),
       (e)-[:PROOF {para: 1, offset: 17}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 1, offset: 17};
MATCH (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e21', name: 'Russian diplomats return', eventType: 'readmit-diplomats',
         cameo: '050', plover: 'SUPPORT', date: edtf('2025-03-09/..'), dateMin: '2025-03-09',
         status: 'possible'}),
       (e)-[:ACTOR {para: 1, offset: 78, basis: 'implied'}]->(c_us),
       (e)-[:RECIPIENT {para: 1, offset: 78}]->(c_ru),
       (e)-[:PROOF {para: 1, offset: 78}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 1, offset: 78};
MATCH (c_ru:Country {id: 'c-ru'}), (c_us:Country {id: 'c-us'}), (e21:Event {id: 'e21'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e22', name: 'Russia does the same', eventType: 'readmit-diplomats',
         cameo: '050', plover: 'SUPPORT', date: edtf('2025-03-09/..'), dateMin: '2025-03-09',
         status: 'expected'}),
       (e)-[:ACTOR {para: 2, offset: 216}]->(c_ru),
       (e)-[:RECIPIENT {para: 2, offset: 216, basis: 'implied'}]->(c_us),
       (e)-[:IN_RESPONSE_TO {para: 2, offset: 199, basis: 'stated'}]->(e21),
       (e)-[:PROOF {para: 2, offset: 210}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 2, offset: 210};
MATCH (pb_kremlin:PublicBody {id: 'pb-kremlin'}), (c_us:Country {id: 'c-us'}),
         (e21:Event {id: 'e21'}), (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e23', name: 'Russian services work in the US again', eventType: 'spy',
         date: edtf('2025-03-09/..'), dateMin: '2025-03-09', status: 'possible'}),
       (e)-[:ACTOR {para: 2, offset: 257}]->(pb_kremlin),
       (e)-[:RECIPIENT {para: 2, offset: 317}]->(c_us),
       (e)-[:CAUSED_BY {para: 2, offset: 199, basis: 'stated'}]->(e21),
       (e)-[:PROOF {para: 2, offset: 251}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 2, offset: 251};
MATCH (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}), (e21:Event {id: 'e21'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e24', name: 'US services see more of Russia', eventType: 'spy',
         date: edtf('2025-03-09/..'), dateMin: '2025-03-09', status: 'possible'}),
       (e)-[:ACTOR {para: 7, offset: 1036}]->(c_us),
       (e)-[:RECIPIENT {para: 7, offset: 1067}]->(c_ru),
       (e)-[:CAUSED_BY {para: 7, offset: 995, basis: 'stated'}]->(e21),
       (e)-[:PROOF {para: 7, offset: 1036}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 7, offset: 1036};
MATCH (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e25', name: 'A peace for Ukraine', eventType: 'peace-agreement',
         cameo: '057', plover: 'SUPPORT', date: edtf('2025-03-09/..'), dateMin: '2025-03-09',
         status: 'possible'}),
       (e)-[:PROOF {para: 5, offset: 889}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 5, offset: 889};
MATCH (pb_trump_admin:PublicBody {id: 'pb-trump-admin'}), (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e26', name: 'Federal workforce rebuilt', eventType: 'reorganise',
         date: edtf('../2025-03-09'), dateMax: '2025-03-09', status: 'ongoing'}),
       (e)-[:ACTOR {para: 12, offset: 2052}]->(pb_trump_admin),
       (e)-[:PROOF {para: 12, offset: 2079}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 12, offset: 2079};
MATCH (c_us:Country {id: 'c-us'}), (pl_moscow:Place {id: 'pl-moscow'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e27', name: 'US diplomats watched in Moscow', eventType: 'surveil',
         date: edtf('../2025-03-09'), dateMax: '2025-03-09', status: 'ongoing'}),
       (e)-[:RECIPIENT {para: 8, offset: 1390}]->(c_us),
       (e)-[:LOCATION {para: 8, offset: 1390}]->(pl_moscow),
       (e)-[:PROOF {para: 8, offset: 1390}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 8, offset: 1390};
MATCH (c_us:Country {id: 'c-us'}), (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e28', name: 'Services sit in US missions', eventType: 'spy',
         date: edtf('../2025-03-09'), dateMax: '2025-03-09', status: 'ongoing'}),
       (e)-[:ACTOR {para: 7, offset: 1109}]->(c_us),
       (e)-[:PROOF {para: 7, offset: 1109}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 7, offset: 1109};
MATCH (c_us:Country {id: 'c-us'}), (c_ru:Country {id: 'c-ru'}),
         (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e29', name: 'Both missions at their smallest', eventType: 'state',
         date: edtf('2025-03-09'), dateMin: '2025-03-09', dateMax: '2025-03-09', status: 'ongoing'}),
       (e)-[:INVOLVED {para: 18, offset: 3307, basis: 'implied'}]->(c_us),
       (e)-[:INVOLVED {para: 18, offset: 3307, basis: 'implied'}]->(c_ru),
       (e)-[:PROOF {para: 18, offset: 3307}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 18, offset: 3307};
MATCH (c_ua:Country {id: 'c-ua'}), (d_article:Document {id: 'd-article'})
CREATE (e:Event {id: 'e30', name: 'The war in Ukraine', eventType: 'war', cameo: '190',
         plover: 'ASSAULT', date: edtf('../2025-03-09'), dateMax: '2025-03-09', status: 'ongoing'}),
       (e)-[:LOCATION {para: 5, offset: 931}]->(c_ua),
       (e)-[:PROOF {para: 5, offset: 931}]->(d_article)
FROM SOURCE d_article GRADE 'B3' AT {para: 5, offset: 931};

// --- Links between events that come later in this file ---
MATCH (a:Event {id: 'e18'}), (b:Event {id: 'e19'}) CREATE (a)-[:BEFORE {para: 4, offset: 500,
         gap: 'days'}]->(b);
MATCH (a:Event {id: 'e20'}), (b:Event {id: 'e21'}) CREATE (a)-[:ABOUT {para: 1, offset: 72}]->(b);
MATCH (a:Event {id: 'e25'}), (b:Event {id: 'e30'}) CREATE (a)-[:ABOUT {para: 5,
         offset: 906}]->(b);
MATCH (a:Event {id: 'e03'}), (b:Event {id: 'e05'}) CREATE (a)-[:SUMMARISES {para: 14,
         offset: 2345, basis: 'implied'}]->(b);
MATCH (a:Event {id: 'e03'}), (b:Event {id: 'e08'}) CREATE (a)-[:SUMMARISES {para: 14,
         offset: 2345, basis: 'implied'}]->(b);
MATCH (a:Event {id: 'e03'}), (b:Event {id: 'e12'}) CREATE (a)-[:SUMMARISES {para: 14,
         offset: 2345, basis: 'implied'}]->(b);
MATCH (a:Event {id: 'e03'}), (b:Event {id: 'e13'}) CREATE (a)-[:SUMMARISES {para: 14,
         offset: 2345, basis: 'implied'}]->(b);
MATCH (a:Event {id: 'e04'}), (b:Event {id: 'e06'}) CREATE (a)-[:SUMMARISES {para: 14,
         offset: 2431, basis: 'implied'}]->(b);
MATCH (a:Event {id: 'e04'}), (b:Event {id: 'e09'}) CREATE (a)-[:SUMMARISES {para: 14,
         offset: 2431, basis: 'implied'}]->(b);
MATCH (a:Quote {id: 'q-rubio'}), (b:Event {id: 'e18'}) CREATE (a)-[:ABOUT {para: 4,
         offset: 686}]->(b);
MATCH (a:Quote {id: 'q-kolbe1'}), (b:Event {id: 'e21'}) CREATE (a)-[:ABOUT {para: 9, offset: 1671,
         basis: 'implied'}]->(b);
MATCH (a:Quote {id: 'q-kolbe2'}), (b:Event {id: 'e27'}) CREATE (a)-[:ABOUT {para: 11,
         offset: 1984, basis: 'implied'}]->(b);
MATCH (a:Quote {id: 'q-kolbe3'}), (b:Event {id: 'e23'}) CREATE (a)-[:ABOUT {para: 10,
         offset: 1801, basis: 'implied'}]->(b);
MATCH (a:Quote {id: 'q-kolbe4'}), (b:Event {id: 'e26'}) CREATE (a)-[:ABOUT {para: 12,
         offset: 2087}]->(b);
MATCH (a:Quote {id: 'q-experts'}), (b:Event {id: 'e21'}) CREATE (a)-[:ABOUT {para: 7,
         offset: 1210, basis: 'implied'}]->(b);
MATCH (a:Quote {id: 'q-both'}), (b:Event {id: 'e25'}) CREATE (a)-[:ABOUT {para: 5,
         offset: 889}]->(b);
MATCH (a:Event {id: 'h21'}),
         (b:Event {id: 'h01b'}) CREATE (a)-[:IN_RESPONSE_TO {basis: 'stated'}]->(b);

// --- What sources say differently: both stay, the better grade holds ---
MATCH (e:Event {id: 'h08'}), (d:Document {id: 'd09'})
SET e.cut = 755 FROM SOURCE d GRADE 'B2' BY 'Putin, 2017-07-30';
MATCH (e:Event {id: 'h08'}), (d:Document {id: 'd09'})
SET e.cut = 700 FROM SOURCE d GRADE 'C3' BY 'Zheleznyak';
MATCH (e:Event {id: 'h15'}), (d:Document {id: 'd27'})
SET e.lastDay = edtf('2018-04-01') FROM SOURCE d GRADE 'B2';
MATCH (e:Event {id: 'h15'}), (d:Document {id: 'd26'})
SET e.lastDay = edtf('2018-04-02') FROM SOURCE d GRADE 'B3';
MATCH (e:Event {id: 'h25'}), (d:Document {id: 'd41'})
SET e.count = 200 FROM SOURCE d GRADE 'C3';
MATCH (e:Event {id: 'h31'}), (d:Document {id: 'd50'})
SET e.count = 13 FROM SOURCE d GRADE 'C3';
