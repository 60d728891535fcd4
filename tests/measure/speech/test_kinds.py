"""Kinds of mistakes that were met in news, each with siblings in invented sentences."""

import pytest

from analysis.measure.speech.names import Speaker, SpeakerTable
from analysis.measure.speech.statements import statements

TABLE = SpeakerTable({"karl oster": Speaker("Karl Oster", "Tolva", "officials")})

# text, then who says what, in text order
KINDS: dict[str, tuple[str, list[tuple[str, str]]]] = {}


def kind(name: str, *cases: tuple[str, list[tuple[str, str]]]) -> None:
    """Add the cases of one kind."""
    KINDS.update({f"{name} {i}": case for i, case in enumerate(cases, 1)})


kind(
    "who and what stand in a longer sentence",
    (
        "The Quay Times, which first said it would cover the vote, left early.",
        [("Quay Times", "it would cover the vote")],
    ),
    (
        "There was no early answer from Tolva, which says the dam is safe.",
        [("Tolva", "the dam is safe")],
    ),
    (
        "That is why we keep hearing President Vell warning that the dam will break.",
        [("Vell", "the dam will break")],
    ),
    (
        'Ida Renn held up a sign that said, "The bakers of Oru welcome you."',
        [("sign", '"The bakers of Oru welcome you."')],
    ),
    (
        "It is not about the dam, she and another baker said.",
        [("she and another baker", "It is not about the dam")],
    ),
    (
        'But, said Karel Vell, "I do not want to close the dam."',
        [("Karel Vell", '"I do not want to close the dam."')],
    ),
    ("Karel Vell denied having seen the dam.", [("Karel Vell", "having seen the dam")]),
    (
        "The attacks have left 62 percent of voters saying the dam is worse.",
        [("62 percent of voters", "the dam is worse")],
    ),
    (
        'Ida Renn, the owner of the mill and star of the show "The Baker," said in Oru that the '
        "talks have been dull.",
        [("Ida Renn", "the talks have been dull")],
    ),
    ("Ida Renn was asked to close the dam.", [("", "to close the dam")]),
    (
        "Ida Renn said the dam was late and the nominee left.",
        [("Ida Renn", "the dam was late and the nominee left")],
    ),
    (
        "Ida Renn said the plan was good and has backed the mayor.",
        [("Ida Renn", "the plan was good")],
    ),
    ("The storm threatens to break the dam.", []),
)


kind(
    "the accused is not the accuser",
    (
        "The mayor of Oru, Ida Renn, has accused Tolva of lying.",
        [("Ida Renn", "Tolva of lying")],
    ),
    (
        "Jan Vell, who leads the union, criticised Tolva for closing the port.",
        [("Jan Vell", "Tolva for closing the port")],
    ),
    (
        "The governor, Karl Oster, blamed Oru for the flood.",
        [("Karl Oster", "Oru for the flood")],
    ),
    (
        "The letter angered Karl Oster, who has accused Oru of hiding the cost.",
        [("Karl Oster", "Oru of hiding the cost")],
    ),
    (
        "Ida Renn, the mayor of Oru, has warned Tolva against closing the bridge.",
        [("Ida Renn", "closing the bridge")],
    ),
)
kind(
    "a pronoun stays with whom the last one meant",
    (
        "Susan Hale said the wall was weak.\n\nOlga Brandt left prison in May. She addressed the "
        'crowd, calling the mayor a "thief."\n\nShe then waved.\n\n"I am back," she said.',
        [
            ("Susan Hale", "the wall was weak"),
            ("Olga Brandt", 'the mayor a "thief."'),
            ("Olga Brandt", '"I am back,"'),
        ],
    ),
    (
        "Karl Oster met Olga Brandt on Monday. He declared that the bridge was safe.",
        [("Karl Oster", "the bridge was safe")],
    ),
    (
        "Susan Hale met the Tolvan leader Karl Oster. He declared that the bridge was safe.",
        [("Karl Oster", "the bridge was safe")],
    ),
)
kind(
    "words that are nobody",
    ("Ida Renn this week said the dam was safe.", [("Ida Renn", "the dam was safe")]),
    ("Looking tired, Ida Renn said the dam was safe.", [("Ida Renn", "the dam was safe")]),
    (
        "The council outright rejected the claim that the dam was unsafe.",
        [("council", "the claim that the dam was unsafe")],
    ),
    (
        "A few minutes before, Ida Renn left the hall, saying that it was late.",
        [("Ida Renn", "it was late")],
    ),
    (
        'Ida Renn, author of "The Long Wall," said the dam was safe.',
        [("Ida Renn", "the dam was safe")],
    ),
    (
        'Ida Renn, who calls the plan a "farce," said the dam was safe.',
        [("Ida Renn", 'the plan a "farce,"'), ("Ida Renn", "the dam was safe")],
    ),
    ("Harbour Works, Ltd. said the quay was new.", [("Harbour Works, Ltd", "the quay was new")]),
    ("Wells, Inc. said the quay was new.", [("Wells, Inc", "the quay was new")]),
)
kind(
    "the subject of a participle or an infinitive",
    (
        "The fire led residents to say that the town had been left alone.",
        [("residents", "the town had been left alone")],
    ),
    (
        "Karl Oster wants clerks like Ida Renn to say that the dam is safe.",
        [("clerks like Ida Renn", "the dam is safe")],
    ),
    (
        "Oru did not complain, a Tolvan clerk said, adding that the cost was high.",
        [("Tolvan clerk", "Oru did not complain"), ("Tolvan clerk", "the cost was high")],
    ),
    (
        "The dam is weak, with several port officials warning that it will burst.",
        [("several port officials", "it will burst")],
    ),
    (
        "After saying that the dam was safe, Ida Renn left the hall.",
        [("Ida Renn", "the dam was safe")],
    ),
    (
        "Two engineers from Oru had left the board, saying that the dam was weak.",
        [("Two engineers from Oru", "the dam was weak")],
    ),
    (
        "Ida Renn met Karl Oster, who surprised her by saying that the dam was weak.",
        [("Karl Oster", "the dam was weak")],
    ),
)
kind(
    "where the outlet speaks again",
    (
        "Ida Renn said the dam is safe, and the council has closed the road.",
        [("Ida Renn", "the dam is safe")],
    ),
    (
        "Ida Renn said the dam is safe; the council met on Monday.",
        [("Ida Renn", "the dam is safe")],
    ),
    ("Ida Renn said the dam was safe, but his rival left.", [("Ida Renn", "the dam was safe")]),
    (
        "Ida Renn said the dam was safe, which pleased the council.",
        [("Ida Renn", "the dam was safe")],
    ),
    (
        "Ida Renn said the dam is safe and Karl Oster says the wall is weak.",
        [("Ida Renn", "the dam is safe"), ("Karl Oster", "the wall is weak")],
    ),
    (
        "Although in May Ida Renn said the dam was safe, at the hall she said it was weak.",
        [("Ida Renn", "the dam was safe"), ("Ida Renn", "it was weak")],
    ),
    (
        "Ida Renn said the dam was safe, and it would open in May.",
        [("Ida Renn", "the dam was safe, and it would open in May")],
    ),
)
kind(
    "what stands between",
    (
        "The dam, Ida Renn noted, is ready to open.",
        [("Ida Renn", "The dam … is ready to open")],
    ),
    (
        "Ida Renn argued the dam, built in two years, was safe.",
        [("Ida Renn", "the dam, built in two years, was safe")],
    ),
    ("The dam is safe, experts told me this week.", [("experts", "The dam is safe")]),
    (
        "The dam is safe, Ida Renn told the Quay Times.",
        [("Ida Renn", "The dam is safe")],
    ),
    (
        "The council had opened the gate, Ida Renn said in a message to the crew.",
        [("Ida Renn", "The council had opened the gate")],
    ),
)
kind(
    "documents and messages",
    ("The council issued a statement saying the dam was safe.", [("council", "the dam was safe")]),
    ("Ida Renn wrote in a tweet that the dam was safe.", [("Ida Renn", "the dam was safe")]),
    ("Ida Renn hit back in a tweet that the dam was safe.", [("Ida Renn", "the dam was safe")]),
    (
        "In a statement that the dam was safe, Ida Renn thanked the crew.",
        [("Ida Renn", "the dam was safe")],
    ),
    ("Ida Renn answered with a post that the dam had held.", [("Ida Renn", "the dam had held")]),
)
kind(
    "asked, reminded, promised",
    ("Ida Renn was asked about the dam.", [("", "the dam")]),
    ("Karl Oster asked Ida Renn about the dam.", [("Karl Oster", "the dam")]),
    ("Ida Renn reminded voters of the flood.", [("Ida Renn", "the flood")]),
    ("Ida Renn promised on Tuesday to leave.", [("Ida Renn", "to leave")]),
    (
        "Asked whether it was safe, most voters said yes.",
        [("", "whether it was safe"), ("most voters", "yes")],
    ),
    (
        "Ida Renn explained to the head of the school why the dam was closed.",
        [("Ida Renn", "why the dam was closed")],
    ),
)
kind(
    "numbers of people",
    (
        "Forty percent of respondents say the dam is safe.",
        [("Forty percent of respondents", "the dam is safe")],
    ),
    (
        "Just over a quarter, 26 percent, say they will leave.",
        [("quarter", "they will leave")],
    ),
    (
        "The budget office said about half of the cost was paid.",
        [("budget office", "half of the cost was paid")],
    ),
    (
        "The wall was too low, said several observers.",
        [("several observers", "The wall was too low")],
    ),
    (
        "The group is short of money, said former Tolva governor Ed Renn, who leads it.",
        [("Ed Renn", "The group is short of money")],
    ),
)
kind(
    "according to",
    (
        "But, according to the poll, 46 percent of voters are late, so the vote is open.",
        [("poll", "46 percent of voters are late, so the vote is open")],
    ),
    (
        "Vell holds a lead in Oru, according to the survey, where ten seats are left.",
        [("survey", "Vell holds a lead in Oru")],
    ),
    ('According to Ida Renn: "The dam is safe."', [("Ida Renn", '"The dam is safe."')]),
)
kind(
    "what opens before its speaker",
    ("Says Ida Renn: “The port is dead.”", [("Ida Renn", "“The port is dead.”")]),
    ("Nobody left. Adds Renn: “It was ours.”", [("Renn", "“It was ours.”")]),
    (
        "HH: Do you like it?\n\nCC: I do.\n\nHH: And the quay?",
        [("HH", "Do you like it?"), ("CC", "I do."), ("HH", "And the quay?")],
    ),
)

kind(
    "a signature behind a long dash",
    (
        "“The dam is old and loud.”― Olga Brandt\n"
        "“We walk on in the rain.” ―\xa0Susan Hale\nRain fell.",
        [
            ("Olga Brandt", "“The dam is old and loud.”"),
            ("Susan Hale", "“We walk on in the rain.”"),
        ],
    ),
)
kind(
    "a transcript in quotation marks, whose paragraphs go on",
    (
        '"RENN: It holds.\n\n"HALE: Since when?\n\n"RENN: Since May.\n\n"It is new."',
        [
            ("Renn", "It holds."),
            ("Hale", "Since when?"),
            ("Renn", 'Since May.\n\n"It is new."'),
        ],
    ),
)
kind(
    "an office in brackets, an apposition",
    (
        "“It is late — we go home,” Rep. Jan Moler (R-Oru), a panel member, said in May.",
        [("Jan Moler", "“It is late — we go home,”")],
    ),
)
kind(
    "an office behind the adjective of a state",
    ("“It will be moved,” said Tolvan officials.", [("Tolvan officials", "“It will be moved,”")]),
    ("“It will do,” said a Tolvan official.", [("Tolvan official", "“It will do,”")]),
    ("It must be moved, said the Oruan envoy.", [("Oruan envoy", "It must be moved")]),
)
kind(
    "told her, they all agree, who've said",
    ("Karl Oster told her that the wall was weak.", [("Karl Oster", "the wall was weak")]),
    ("Karl Oster told her the wall was weak.", [("Karl Oster", "the wall was weak")]),
    (
        "The planners of Oru all agree that it was late.",
        [("planners of Oru", "it was late")],
    ),
    (
        "It was meant for bakers who've already said the bread is stale.",
        [("bakers", "the bread is stale")],
    ),
    (
        "Susan Hale took the train to say the wall would fall.",
        [("Susan Hale", "the wall would fall")],
    ),
)
kind(
    "a clause that according to splits",
    (
        "The old wall, according to Susan Hale, will hold.",
        [("Susan Hale", "The old wall … will hold")],
    ),
    ("The old wall, according to Susan Hale, fell.", [("Susan Hale", "The old wall … fell")]),
    (
        "The wall collapsed, according to Susan Hale, and it is gone.",
        [("Susan Hale", "The wall collapsed")],
    ),
)
kind(
    "the outlet speaks again",
    (
        "Susan Hale said the wall is weak, a charge that Oru rejects.",
        [("Susan Hale", "the wall is weak")],
    ),
    (
        "Susan Hale said the wall is weak, an ambitious claim that Oru rejects.",
        [("Susan Hale", "the wall is weak")],
    ),
    (
        "Susan Hale said that in Oru, the town moved to a hill.",
        [("Susan Hale", "in Oru, the town moved to a hill")],
    ),
    (
        "Susan Hale said the wall is weak – half of what Oru had feared.",
        [("Susan Hale", "the wall is weak")],
    ),
    (
        "Susan Hale said the wall – a ruin of the old town – is weak.",
        [("Susan Hale", "the wall – a ruin of the old town – is weak")],
    ),
    (
        "Susan Hale said the wall, a ruin of the old town, fell.",
        [("Susan Hale", "the wall, a ruin of the old town, fell")],
    ),
    ("Susan Hale praised the mayor at a rally in Oru.", [("Susan Hale", "the mayor")]),
    ("Susan Hale denounced the toll on Monday.", [("Susan Hale", "the toll")]),
    (
        "Susan Hale said “no” when asked whether it would hold.",
        [("Susan Hale", "“no”"), ("", "whether it would hold")],
    ),
    (
        "Susan Hale wrote, “It is time to go,” and shared a map of the town.",
        [("Susan Hale", "“It is time to go,”")],
    ),
)
kind(
    "an outlet's reporter in a place",
    (
        "The wall is weak and old, writes the Quay Times's Ida Renn from Oru.",
        [("Ida Renn", "The wall is weak and old")],
    ),
    ("The wall is weak, says the BBC's Ida Renn in Oru.", [("Ida Renn", "The wall is weak")]),
)
kind(
    "asked, told and kept asking",
    (
        "Asked on Monday whether it would hold, Susan Hale shrugged.",
        [("", "whether it would hold")],
    ),
    (
        "Susan Hale told a Mill Guild gathering in Oru she will stay.",
        [("Susan Hale", "she will stay")],
    ),
    ("Susan Hale kept asking her why it was late.", [("Susan Hale", "why it was late")]),
    ("Susan Hale told The Mill of Oru last week she was ill.", [("Susan Hale", "she was ill")]),
)
kind(
    "an outlet with its kind and its name",
    (
        "Susan Hale told the Tolva newspaper Morgenblad the wall would hold.",
        [("Susan Hale", "the wall would hold")],
    ),
)

kind(
    "a sentence opens with what is no source",
    (
        "An annual meeting was held in Oru, saying that the dam was safe.",
        [("annual meeting", "the dam was safe")],
    ),
    (
        "Facing new storms, Susan Hale left early, saying that the dam was safe.",
        [("Susan Hale", "the dam was safe")],
    ),
    (
        "A few minutes later the bakers left the hall, closed the gate and said it was late.",
        [("bakers", "it was late")],
    ),
    (
        "Reached by phone, Susan Hale – who runs the mill – told the Quay Times it was late.",
        [("Susan Hale", "it was late")],
    ),
    (
        "Susan Hale’s neighbour thanked the crew, saying: “It holds.”",
        [("Susan Hale's neighbour", "“It holds.”")],
    ),
    (
        "The Hale campaign left early, saying the dam was safe.",
        [("Hale campaign", "the dam was safe")],
    ),
    ("But health workers met in Oru, saying it was late.", [("health workers", "it was late")]),
    ("Well, bakers left early, saying it was late.", [("bakers", "it was late")]),
)
kind(
    "said on an occasion, in turn",
    (
        "Karl Oster denied it, but in a later interview said the dam was weak.",
        [("Karl Oster", "the dam was weak")],
    ),
    ("Karl Oster in turn said the dam was weak.", [("Karl Oster", "the dam was weak")]),
    ("Karl Oster at the time said the dam was weak.", [("Karl Oster", "the dam was weak")]),
)
kind(
    "the clause in which a verb stands",
    (
        "When Karl Oster spoke of the fire at a mill in Oru and said it was late, the crew left.",
        [("Karl Oster", "it was late, the crew left")],
    ),
    (
        "When Mr. Oster asked Norton to repair the dam, it declined, citing the cost.",
        [("Oster", "Norton to repair the dam"), ("", "the cost")],
    ),
    (
        "Karl Oster praised her as an effective leader; and declared that it was late.",
        [("Karl Oster", "her as an effective leader"), ("Karl Oster", "it was late")],
    ),
    (
        "“The dam is old,” Karl Oster said before adding that it was safe.",
        [("Karl Oster", "“The dam is old,”"), ("Karl Oster", "it was safe")],
    ),
    ("I think Hale’s letter says that it is late.", [("Hale's letter", "it is late")]),
)
kind(
    "who accuses, labels and stands for whom",
    ("A man accused of theft said it was late.", [("man accused of theft", "it was late")]),
    ("Susan Hale accused the baker of theft.", [("Susan Hale", "the baker of theft")]),
    ("Those asked said they would leave.", [("Those asked", "they would leave")]),
    ("Karl Oster was called a “thief” by Susan Hale.", [("Susan Hale", "a “thief”")]),
    ("Bakers hailed as “heroes” by Karl Oster left early.", [("Karl Oster", "“heroes”")]),
    ("What Karl Oster calls “the great wall” is a hedge.", [("Karl Oster", "“the great wall”")]),
    (
        "The lawyer representing Susan Hale said it was late.",
        [("lawyer representing Susan Hale", "it was late")],
    ),
)
kind(
    "what is claimed, denied and announced",
    (
        "Karl Oster denied the charges through his lawyer.",
        [("Karl Oster", "the charges")],
    ),
    (
        "Karl Oster announced on Monday the sale of the mill.",
        [("Karl Oster", "the sale of the mill")],
    ),
    (
        "Karl Oster said the dam was safe, and the nominee derided the plan.",
        [("Karl Oster", "the dam was safe")],
    ),
)

kind(
    "a verb that is no verb of saying ends the phrase",
    (
        "The offer came amid a strike in the mills, and an hour after the union's chairman, Karl "
        "Hale, warned that the dam would burst.",
        [("Karl Hale", "the dam would burst")],
    ),
    (
        "The first letter came on Monday, when Karl Hale, a clerk at the mill, announced his "
        "departure.",
        [("Karl Hale", "his departure")],
    ),
    (
        "Karl Hale spoke with Ida Renn by telephone and the mayor said the dam was safe.",
        [("mayor", "the dam was safe")],
    ),
    (
        'Karl Hale spoke with bakers in Oru who called the plan a "farce."',
        [("bakers in Oru", 'the plan a "farce."')],
    ),
    ("Ida Renn greeted bakers who said it was late.", [("bakers", "it was late")]),
    ("The report released on Monday shows that it is late.", [("report released", "it is late")]),
    (
        "(Wire) - Mayor Karl Hale met victims of the fire and said the council must act.",
        [("Karl Hale", "the council must act")],
    ),
)
kind(
    "whose verb a second one is",
    (
        "When the clerk mentioned the dam, Karl Hale laughed and said it was safe.",
        [("clerk", "the dam"), ("Karl Hale", "it was safe")],
    ),
    (
        "Just before the Tolva ferry left, the captain turned to the crew and asked for silence.",
        [("captain", "silence")],
    ),
    (
        "While Karl Hale is fond of bread and wrote that it was cheap, the mayor left.",
        [("Karl Hale", "it was cheap")],
    ),
    (
        'Karl Hale described it as a "farce" after Ida Renn left the hall and called it late.',
        [("Karl Hale", 'it as a "farce"')],
    ),
    (
        "Karl Hale mocked the plan, talked over it as they left and even said it was late.",
        [("Karl Hale", "the plan"), ("Karl Hale", "it was late")],
    ),
    (
        "The hall was full of clerks, who left early and called for the dam to be closed.",
        [("clerks", "the dam to be closed")],
    ),
    (
        "The council put off deciding whether the union could vote but said it could return.",
        [("council", "it could return")],
    ),
    (
        "Karl Hale, who was asked by Ida Renn about the dam but has dismissed the story, left.",
        [("Ida Renn", "the dam"), ("Karl Hale", "the story")],
    ),
    (
        "It was here that Karl Hale declared himself mayor and announced that it was late.",
        [("Karl Hale", "it was late")],
    ),
)
kind(
    "who opens a sentence",
    (
        "Oruan presidential candidate Ida Renn left, saying it was late.",
        [("Ida Renn", "it was late")],
    ),
    ("Ida Renn met mayor Karl Hale, saying it was late.", [("Ida Renn", "it was late")]),
    ("The town council met on Monday, saying it was late.", [("town council", "it was late")]),
    ("The mayor left, saying it was late.", [("mayor", "it was late")]),
    (
        'Holding signs calling Hale "a thief," the bakers marched.',
        [("bakers", 'Hale "a thief,"')],
    ),
    (
        'Susan Hale met Karl Oster. After saying it was "weak," she left.',
        [("Susan Hale", 'it was "weak,"')],
    ),
)
kind(
    "a name with what it is, and who",
    (
        "Ida Renn, a clerk at Tolva Mills, who said the dam was weak, left.",
        [("Ida Renn", "the dam was weak")],
    ),
    ("In Oru, a clerk who met Ida Renn said it was late.", [("clerk", "it was late")]),
    (
        "Ida Renn, Jan Vell and Karl Hale said it was late.",
        [("Ida Renn, Jan Vell and Karl Hale", "it was late")],
    ),
    (
        "Ida Renn, the mayor, and Karl Hale accused Tolva of lying.",
        [("Ida Renn, the mayor, and Karl Hale", "Tolva of lying")],
    ),
    (
        "The dam was built by Ida Renn, a baker, and Karl Hale said it was late.",
        [("Karl Hale", "it was late")],
    ),
    ("The mayor met Ida Renn, and Karl Hale said it was late.", [("Karl Hale", "it was late")]),
)
kind(
    "urged by whom",
    ("The council was urged by Ida Renn to close the dam.", [("Ida Renn", "to close the dam")]),
    (
        "Karl Hale, urged by Ida Renn to leave, said it was late.",
        [("Ida Renn", "to leave"), ("Karl Hale", "it was late")],
    ),
    (
        "Asked by Ida Renn if she would leave, Karl Hale laughed.",
        [("Ida Renn", "if she would leave")],
    ),
)
kind(
    "they, he and she",
    ("The bakers left. They said it was late.", [("bakers", "it was late")]),
    (
        "Ida Renn and Jan Vell left. They said it was late.",
        [("Ida Renn and Jan Vell", "it was late")],
    ),
    ("The numbers fell. They said it was late.", [("", "it was late")]),
    ("Ida Sanders left the hall. They said it was late.", [("", "it was late")]),
    (
        "Susan Hale met the Oruan president on Monday. He said it was late.",
        [("Oruan president", "it was late")],
    ),
    (
        "Karl Oster met the governor on Monday. He said it was late.",
        [("Karl Oster", "it was late")],
    ),
    ("Susan Hale saw a clerk.\n\nHe said it was late.", [("", "it was late")]),
)

kind(
    "a time opens the sentence",
    (
        "Hours after the spill, Ida Renn flew to Oru and said it was late.",
        [("Ida Renn", "it was late")],
    ),
    ("A week ago Ida Renn flew to Oru and said it was late.", [("Ida Renn", "it was late")]),
    (
        "When Jan Vell spoke in Oru, a town in Tolva, Ida Renn laughed and said it was late.",
        [("Ida Renn", "it was late")],
    ),
    (
        'In the hours after the fire in Tolva, Oru, an old baker spoke: "It is late, all of it."',
        [("old baker", '"It is late, all of it."')],
    ),
    (
        "A senior council official sent a letter accusing the mayor of theft.",
        [("senior council official", "the mayor of theft")],
    ),
    (
        "Coast guard captain Jan Vell left on Monday, saying it was late.",
        [("Jan Vell", "it was late")],
    ),
)

kind(
    "what a phrase holds",
    (
        "Officials hoping to free the crew said it was late.",
        [("Officials hoping to free the crew", "it was late")],
    ),
    (
        "Karl Hale was replying to clerks in Oru who said it was late.",
        [("clerks in Oru", "it was late")],
    ),
    (
        "Few bakers left, compared with 58 percent who said it was late.",
        [("58 percent", "it was late")],
    ),
    (
        "Susan Hale left. Hale herself said it was late.",
        [("Susan Hale", "it was late")],
    ),
    ("The bakers themselves, who claim that it is late, left.", [("bakers", "it is late")]),
    ("Susan Hale blamed herself.", [("Susan Hale", "herself")]),
)

kind(
    "courts, bodies, offices and what is said of little",
    ("The court ruled on Monday that it was late.", [("court", "it was late")]),
    ("The mill has ruled that out.", []),
    (
        "The plan angered members of the Oruan council, which has denied any role in the fire.",
        [("Oruan council", "any role in the fire")],
    ),
    (
        "Brell school board chairman Karl Hale left on Friday, saying it was late.",
        [("Karl Hale", "it was late")],
    ),
    (
        "Ida Renn wrote to Karl Hale, a clerk at the mill who says it is late.",
        [("Karl Hale", "it is late")],
    ),
    ("Ida Renn said nothing had changed.", [("Ida Renn", "nothing had changed")]),
    (
        "Though it was late, Karl Hale said, closing the dam would be wrong.",
        [("Karl Hale", "Though it was late … closing the dam would be wrong")],
    ),
    (
        "Ida Renn sent a series of tweets early Friday saying that it was late.",
        [("Ida Renn", "it was late")],
    ),
)

SILENT = [
    "A baker accused of theft left the hall.",
    "The storm raised fears that the dam would burst.",
    "Ida Renn took questions from bakers before the hearing.",
    "Ida Renn raised new questions about the dam.",
    "It is worth noting that the dam is weak.",
    "The dam was praised by the council to boost its own plan.",
    "Susan Hale claimed victory in a post.",
    "Susan Hale claimed victory in Oru and was cheered.",
    "The council was named, and toward the end of May the company agreed to pay the cost.",
    "The toll is too high, a claim Renn denied.",
    "The plan is dead, as the crowd applauded.",
    "It should be noted that the dam was weak.",
    "The air is so charged that it may burn.",
    "Karl Oster left, a baker charged with theft.",
    "Only 30 confirmed cases were late.",
    "Her incongruous comments on the dam were late.",
    "The claim contradicts reports that the dam was safe.",
    "Oru has a bread, a loaf of a kind called the “Long Loaf” in Tolva.",
    "The study adds weight to the theory that the wall is weak.",
    "The work to build in the March states has gone on unseen.",
    "These are also states where Karl Oster is strong.",
    "Oru has claims in the bay that others fear.",
    "As they call each other in public, it has been a long story.",
    "It was a plan of bakers, killed in May reveal its cost.",
    "The state employee left early.",
    "Three states have closed the border.",
    "The plant adds jobs to the town.",
    "The dam is old, not to mention ugly.",
    "Angry tweets aimed at the mayor were deleted.",
    "Ida Renn testified against the union.",
    "Ida Renn advised politicians in Tolva for years.",
    "Ida Renn announced his campaign in Oru.",
    "Ida Renn announced her candidacy for mayor.",
    "Eight months later, the council agreed to repair the wall.",
    "A draft resolution declaring the vote invalid has yet to be voted on.",
    "The council was committing repeated gaffes.",
    "Neither were her five proposed bills.",
    "The new wall adds to the fear that has gripped the town.",
]


@pytest.mark.parametrize("name", KINDS)
def test_who_says_what(name: str) -> None:
    text, expected = KINDS[name]
    found = statements(text, speakers=TABLE)
    said = [(s.speaker, " … ".join(text[a:b] for a, b in s.spans)) for s in found]
    assert said == expected


@pytest.mark.parametrize("text", SILENT)
def test_nothing_is_said(text: str) -> None:
    assert statements(text, speakers=TABLE) == []
