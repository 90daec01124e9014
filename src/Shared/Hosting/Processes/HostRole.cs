// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ClusterManager.Hosting.Processes;

/// <summary>One process that <see cref="HostSupervisor"/> keeps running.</summary>
/// <remarks>Defaults stand in the init accessors for the reason given at <see cref="Files.NodeFile"/>.</remarks>
public sealed record HostRole
{
    private const int NameLengthMax = 32;
    private const int DefaultStopSeconds = 10;
    private const string Reserved = "supervisor";
    private static readonly ImmutableSortedDictionary<string, string> NoVariables =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The role's name: 1 to 32 of a–z, 0–9 and -, beginning with a letter; names its files in <c>run/</c> and <c>log/</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The program (an absolute path, or a name found in PATH) and its arguments. No shell reads it.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Variables set besides those of the supervisor; empty unless set.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init => field = value ?? NoVariables; } = NoVariables;

    /// <summary>Where it runs; null means the data directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// What its standard output and error are appended to; null means <c>log/NAME.out</c>. Capped at 10 MB and one older file.
    /// </summary>
    public string? OutputFile { get; init; }

    /// <summary>
    /// Commands run one after another before each start, at most 10 s each; one that fails fails the start, which is then tried again. They
    /// must be repeatable, such as <c>ip addr replace 169.254.20.10/32 dev lo</c>.
    /// </summary>
    public ImmutableArray<ImmutableArray<string>> Before { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How long it may take to end after SIGTERM before it gets SIGKILL, in seconds; 1 to 300, 10 unless set.</summary>
    public int StopSeconds { get; init => field = value == 0 ? DefaultStopSeconds : value; } = DefaultStopSeconds;

    [JsonIgnore]
    internal TimeSpan StopLimit => TimeSpan.FromSeconds(StopSeconds);

    /// <summary>What is wrong with this role, in words for an operator; null when nothing is.</summary>
    public string? Problem() =>
        !IsName(Name) ? "a role's name must be 1 to 32 of a-z, 0-9 and -, begin with a letter and not be 'supervisor'"
        : Command.IsDefaultOrEmpty || string.IsNullOrWhiteSpace(Command[0]) ? $"role {Name} has no command"
        : Before.Any(b => b.IsDefaultOrEmpty) ? $"role {Name} has an empty command before its start"
        : StopSeconds is < 1 or > 300 ? $"role {Name}: stopSeconds must be 1 to 300"
        : null;

    internal static bool IsName(string name) =>
        name.Length is > 0 and <= NameLengthMax && name != Reserved && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
