// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Benchmarks.Update;

/// <summary>One way to update ten replicas, said to both sides.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Ours">Flags of our service, beside its name, image and number.</param>
/// <param name="Swarm">Flags of the swarm's service.</param>
/// <param name="IsPulled">The new image is not on the node.</param>
/// <param name="HasCallers">Somebody sends requests meanwhile.</param>
internal sealed record UpdateSettings(string Name, string Ours, string Swarm, bool IsPulled = false, bool HasCallers = false)
{
    private const string Equal = "--update-parallelism 5 --update-monitor 1s --update-order ";

    /// <summary>All that are measured. Of each, both sides look as long at a new replica before they count it.</summary>
    public static IReadOnlyList<UpdateSettings> All { get; } =
    [
        new("defaults", "", ""),
        new("defaults, image pulled", "", "", IsPulled: true),
        new("5 at once, 1 s, stop-first", $"{Equal}stop-first", $"{Equal}stop-first"),
        new("5 at once, 1 s, stop-first, pulled", $"{Equal}stop-first", $"{Equal}stop-first", IsPulled: true),
        new("5 at once, 1 s, start-first", $"{Equal}start-first", $"{Equal}start-first"),
        new("defaults, with callers", "", "", HasCallers: true),
        new("5 at once, 1 s, start-first, with callers", $"{Equal}start-first", $"{Equal}start-first", HasCallers: true),
    ];
}
