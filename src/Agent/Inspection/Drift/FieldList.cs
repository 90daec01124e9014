// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Agent.Inspection.Drift;

/// <summary>Collects the fields that differ. What Docker writes for "not set" in several ways counts as the same.</summary>
internal sealed class FieldList
{
    private const int FieldsMax = 50;
    private const int CharactersMax = 200;
    private readonly List<FieldFinding> all = [];

    /// <summary>What differs.</summary>
    public IReadOnlyList<FieldFinding> All => all;

    /// <summary>Two texts; null and empty are the same.</summary>
    public void Text(string field, string? wanted, string? found) => Add(field, wanted ?? "", found ?? "");

    /// <summary>Two numbers; null and 0 are the same, and so is a negative one, which means "no limit".</summary>
    public void Number(string field, long? wanted, long? found) => Add(field, Text(wanted), Text(found));

    /// <summary>Two switches; null and false are the same.</summary>
    public void Flag(string field, bool? wanted, bool? found) => Add(field, wanted == true ? "true" : "", found == true ? "true" : "");

    /// <summary>Two lists in which the order counts.</summary>
    public void Sequence(string field, IEnumerable<string>? wanted, IEnumerable<string>? found) =>
        Add(field, string.Join(' ', wanted ?? []), string.Join(' ', found ?? []));

    /// <summary>Two lists in which the order does not count: each element that one of them lacks.</summary>
    public void Set(string field, IEnumerable<string>? wanted, IEnumerable<string>? found)
    {
        string[] there = [.. wanted ?? []], here = [.. found ?? []];
        foreach (var missing in there.Except(here, StringComparer.Ordinal)) Add(field, missing, "");
        foreach (var extra in here.Except(there, StringComparer.Ordinal)) Add(field, "", extra);
    }

    /// <summary>Two maps: each key of which the value differs.</summary>
    /// <param name="field">What comes before the key.</param>
    /// <param name="wanted">What should be there.</param>
    /// <param name="found">What is there.</param>
    /// <param name="isComplete">A key that only the second one has differs too.</param>
    /// <param name="isHidden">Values are secret.</param>
    public void Map(
        string field, IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> found, bool isComplete,
        bool isHidden = false)
    {
        foreach (var key in wanted.Keys.Concat(isComplete ? found.Keys : []).Distinct().Order(StringComparer.Ordinal))
        {
            var (there, here) = (wanted.TryGetValue(key, out var one), found.TryGetValue(key, out var other));
            if (there == here && one == other) continue;
            if (isHidden) Put(new FieldFinding($"{field}.{key}", there ? "set" : "", here ? there ? "another value" : "set" : "", true));
            else Put(new FieldFinding($"{field}.{key}", one ?? "", other ?? ""));
        }
    }

    private void Add(string field, string wanted, string found)
    {
        if (wanted != found) Put(new FieldFinding(field, wanted, found));
    }

    private void Put(FieldFinding finding)
    {
        if (all.Count < FieldsMax) all.Add(finding with { Wanted = Short(finding.Wanted), Found = Short(finding.Found) });
    }

    private static string Short(string text) => text.Length <= CharactersMax ? text : text[..CharactersMax] + "…";

    private static string Text(long? number) => number is > 0 ? number.Value.ToString(CultureInfo.InvariantCulture) : "";
}
