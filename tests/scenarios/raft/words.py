"""Raft's messages in a few words each, for the stories."""

from __future__ import annotations

from typing import Any

from rts.core.raft.log import Apply, Configuration, Configure, Entry
from rts.core.raft.messages import (
    Answered,
    Appended,
    AppendEntries,
    AppendRejected,
    Changed,
    InstallSnapshot,
    PreVote,
    PreVoted,
    ReadIndex,
    ReadIndexed,
    Refused,
    RequestVote,
    SnapshotReceived,
    Submitted,
    TimeoutNow,
    Transferred,
    Unknown,
    Voted,
)


def entry_in_words(entry: Entry) -> str:
    """`2:4=x`: where it stands and what it brings."""
    match entry.command:
        case Apply(command=(_, value)):
            return f"{entry.lsn}={value}"
        case Configure(configuration=configuration):
            return f"{entry.lsn}={members_in_words(configuration)}"
    return f"{entry.lsn}=noop"


def members_in_words(configuration: Configuration) -> str:
    """`[n0 n1 +n2]`: the voters, and the learners with a plus."""
    voters = [member.node for member in configuration.voters]
    return f"[{' '.join([*voters, *('+' + member.node for member in configuration.learners)])}]"


def put_in_words(message: Any) -> str:
    """What a message says, but for what no story needs (rounds, disks, requests' numbers)."""
    match message:
        case PreVote(term=term, last=last):
            return f"pre-vote? for term {term}, log to {last}"
        case PreVoted(term=term, granted=granted):
            return f"pre-vote {'yes' if granted else 'no'}, term {term}"
        case RequestVote(term=term, last=last, transfer=transfer):
            return f"vote? in term {term}, log to {last}{', as told' if transfer else ''}"
        case Voted(term=term, granted=granted):
            return f"vote {'yes' if granted else 'no'}, term {term}"
        case TimeoutNow(term=term):
            return f"stand now, term {term}"
        case AppendEntries(term=term, previous=previous, entries=entries, committed=committed):
            new = " ".join(map(entry_in_words, entries)) or "nothing"
            return f"append in term {term} after {previous}: {new}; committed {committed}"
        case Appended(term=term, matched=matched):
            return f"appended to {matched}, term {term}"
        case AppendRejected(term=term, previous=previous, conflict=conflict):
            return f"rejected at {previous}, here {conflict}, term {term}"
        case InstallSnapshot(term=term, last=last, offset=offset, data=data, done=done):
            return f"snapshot to {last} in term {term}, bytes {offset}+{len(data)}{', done' if done else ''}"
        case SnapshotReceived(last=last, offset=offset, term=term):
            return f"snapshot to {last} received below byte {offset}, term {term}"
        case ReadIndex():
            return "read index?"
        case ReadIndexed(index=index):
            return f"read index {'unknown' if index is None else index}"
        case Submitted(position=position, result=result):
            return f"done at {position}: {result}"
        case Answered(position=position, result=result):
            return f"read {result} as of {position}"
        case Changed(position=position, configuration=configuration):
            return f"members {members_in_words(configuration)} at {position}"
        case Transferred(term=term):
            return f"leads no more, term {term}"
        case Refused(reason=reason, leader=leader):
            return f"refused: {reason}, leader {leader}"
        case Unknown(term=term):
            return f"unknown, term {term}"
    raise TypeError(message)
