//! Material for invented people, vehicles and places.

pub(super) const SURNAMES: [&str; 64] = [
    "MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT", "SIMON",
    "MICHEL", "LEFÈVRE", "LEROY", "ROUX", "DAVID", "BERTRAND", "MOREL", "FOURNIER", "GIRARD", "BONNET", "DUPONT",
    "LAMBERT", "FONTAINE", "ROUSSEAU", "VINCENT", "MULLER", "FAURE", "ANDRÉ", "MERCIER", "BLANC", "GUÉRIN", "BOYER",
    "GARNIER", "CHEVALIER", "FRANÇOIS", "LEGRAND", "GAUTHIER", "GARCIA", "PERRIN", "ROBIN", "CLÉMENT", "MORIN",
    "NICOLAS", "HENRY", "ROUSSEL", "MATHIEU", "GAUTIER", "MASSON", "MARCHAND", "DUVAL", "DENIS", "DUMONT", "MARIE",
    "LEMAIRE", "NOËL", "MEYER", "DUFOUR", "MEUNIER", "BRUN", "BLANCHARD", "GIRAUD", "JOLY", "RIVIÈRE",
];

pub(super) const GIVEN: [&str; 48] = [
    "JEAN", "PIERRE", "MICHEL", "ANDRÉ", "PHILIPPE", "ALAIN", "NICOLAS", "CHRISTOPHE", "DANIEL", "FRÉDÉRIC", "ÉRIC",
    "LAURENT", "STÉPHANE", "PASCAL", "DAVID", "JULIEN", "THOMAS", "MARC", "MEHDI", "KARIM", "LUCAS", "HUGO", "LÉO",
    "NOAH", "MARIE", "NATHALIE", "ISABELLE", "SYLVIE", "CATHERINE", "FRANÇOISE", "VALÉRIE", "CHRISTINE", "SOPHIE",
    "CÉLINE", "AURÉLIE", "SANDRINE", "JULIE", "CAMILLE", "LÉA", "MANON", "CHLOÉ", "EMMA", "INÈS", "SARAH", "FATIMA",
    "LOUISE", "JADE", "ANNE-MARIE",
];

pub(super) const TOWNS: [&str; 20] = [
    "Lyon", "Marseille", "Lille", "Nantes", "Rennes", "Strasbourg", "Toulouse", "Bordeaux", "Nice", "Rouen", "Dijon",
    "Grenoble", "Brest", "Metz", "Limoges", "Bastia", "Cayenne", "Saint-Denis", "Fort-de-France", "Papeete",
];

/// Make and model.
pub(super) const VEHICLES: [(&str, &str); 16] = [
    ("RENAULT", "Clio"), ("RENAULT", "Mégane"), ("RENAULT", "Kangoo"), ("PEUGEOT", "208"), ("PEUGEOT", "308"),
    ("PEUGEOT", "Partner"), ("CITROËN", "C3"), ("CITROËN", "Berlingo"), ("DACIA", "Sandero"), ("DACIA", "Duster"),
    ("VOLKSWAGEN", "Golf"), ("TOYOTA", "Yaris"), ("FIAT", "500"), ("FORD", "Transit"), ("YAMAHA", "MT-07"),
    ("TESLA", "Model 3"),
];

pub(super) const COLOURS: [&str; 8] = ["gris", "noir", "blanc", "bleu", "rouge", "vert", "beige", "jaune"];

/// Letters of a plate (arrêté du 9 février 2009: neither I, O nor U).
pub(super) const PLATE_LETTERS: [char; 23] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// Category, reason and conduite à tenir of an FPR entry, and whether the person is dangerous.
pub(super) const SOUGHT: [(&str, &str, &str, bool); 6] = [
    ("M", "mineur en fugue", "Recueillir la personne, aviser le service demandeur sans délai.", false),
    ("AL", "aliéné évadé", "Ne pas laisser repartir, aviser le service demandeur, faire appel à un médecin.", true),
    ("PJ", "recherche judiciaire", "Entendre la personne, noter son adresse, aviser le service demandeur.", false),
    ("CJ", "contrôle judiciaire", "Vérifier le respect des obligations, rendre compte au magistrat.", false),
    ("V", "évadé", "Interpeller, placer en rétention, aviser le parquet. Individu dangereux.", true),
    ("G", "permis annulé", "Ne pas laisser conduire, relever l'infraction.", false),
];
