using System.Security.Cryptography;

namespace Naru.Engine.Containers;

/// <summary>Names for containers that were given none: a quality and somebody or something of the water's side.</summary>
internal static class NameGenerator
{
    private static readonly string[] Left =
    [
        "able", "amber", "brave", "bright", "brisk", "calm", "clear", "clever", "cosy", "eager", "early", "fair", "fresh", "gentle", "glad",
        "golden", "happy", "hardy", "honest", "jolly", "keen", "kind", "light", "lively", "lucid", "merry", "mild", "neat", "nimble", "patient",
        "plain", "proud", "quick", "quiet", "ready", "robust", "serene", "silver", "sleek", "steady", "still", "sturdy", "sunny", "swift",
        "tidy", "true", "vivid", "warm", "wise", "witty",
    ];

    private static readonly string[] Right =
    [
        "anchor", "barge", "bay", "beacon", "bridge", "buoy", "canoe", "captain", "compass", "cove", "crane", "current", "delta", "dock",
        "eddy", "egret", "estuary", "ferry", "fisher", "float", "ford", "galley", "harbour", "heron", "isle", "jetty", "junk", "keel",
        "lagoon", "landing", "lantern", "mast", "oar", "otter", "pier", "pilot", "quay", "raft", "reed", "river", "rudder", "sail", "shore",
        "skiff", "sloop", "spring", "stork", "tide", "wharf", "willow",
    ];

    public static string Next() => $"{Left[RandomNumberGenerator.GetInt32(Left.Length)]}_{Right[RandomNumberGenerator.GetInt32(Right.Length)]}";
}
