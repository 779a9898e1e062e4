"""The code of conduct of inspectors (para 62) in our words: the pack for the authority and the letters to the team both list it."""

CODE_OF_CONDUCT: tuple[str, ...] = (
    "judge objectively and impartially, without fear or favour",
    "measure what is provided against the frameworks, national standards and requirements that apply to it",
    "rest every judgement on clear evidence that others can check",
    "have no connection with the authority that could cloud the judgement, and declare any there is",
    "report honestly and clearly, so that judgements are fair and can be relied on",
    "act with integrity, and meet everybody with courtesy, respect and tact",
    "keep the strain on the people concerned as low as possible",
    "act for the good of the children, young people and families who use the services",
    "keep up a useful conversation with those who are inspected, and say plainly what was found",
    "keep confidential what they learn, above all about persons and their work",
    "answer reasonable requests",
    "act at once on any danger to somebody's safety or health",
)
"""What inspectors do, each as it follows «inspectors»."""
