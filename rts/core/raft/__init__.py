"""Raft: consensus that elects its own leader (Ongaro & Ousterhout, *In Search of an Understandable Consensus
Algorithm*, 2014; Ongaro, *Consensus: Bridging Theory and Practice*, 2014: "thesis" below)."""
