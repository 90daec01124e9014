// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using ClusterManager.Model;
using ClusterManager.Wire;

namespace ClusterManager.Cli.Output.Views;

/// <summary>
/// Two specs field by field, by the names that <c>cluster inspect</c> has for them. Values of environment variables are not shown unless
/// asked for: plans and differences end up in the logs of pipelines.
/// </summary>
internal static class SpecChanges
{
    private const string Environment = "container.environment.";

    // Their order means something: they are compared whole.
    private static readonly string[] Sequences = ["command", "entrypoint", "test"];

    /// <summary>All fields that differ, in the order of <see cref="SpecJson"/>.</summary>
    /// <param name="before">Null: all fields of the other one are new.</param>
    /// <param name="after">Null: all fields of the other one are gone.</param>
    /// <param name="showsValues">Show values of environment variables.</param>
    public static IReadOnlyList<FieldChangeView> Between(ServiceSpec? before, ServiceSpec? after, bool showsValues = false)
    {
        var changes = new List<FieldChangeView>();
        Walk("", before is null ? null : SpecJson.Of(before), after is null ? null : SpecJson.Of(after), showsValues, changes);
        // A field that inspect does not show yet is a difference all the same.
        if (changes.Count == 0 && before is not null && after is not null && !before.ToWire().Equals(after.ToWire()))
            changes.Add(new FieldChangeView("other settings", null, null, "changed", true));
        return changes;
    }

    private static void Walk(string path, JsonNode? before, JsonNode? after, bool showsValues, List<FieldChangeView> changes)
    {
        if (JsonNode.DeepEquals(before, after)) return;
        if (before is JsonObject || after is JsonObject)
        {
            var (old, now) = (before as JsonObject, after as JsonObject);
            foreach (var key in (old ?? []).Select(pair => pair.Key).Union((now ?? []).Select(pair => pair.Key)))
                Walk(path.Length == 0 ? key : $"{path}.{key}", old?[key], now?[key], showsValues, changes);
            return;
        }

        var isSet = (before ?? after) is JsonArray && !Sequences.Contains(path.Split('.')[^1]);
        if (!isSet || !AddElements(path, before as JsonArray, after as JsonArray, changes))
            changes.Add(Change(path, TextOf(before), TextOf(after), showsValues));
    }

    /// <returns>False when only the order differs.</returns>
    private static bool AddElements(string path, JsonArray? before, JsonArray? after, List<FieldChangeView> changes)
    {
        string[] old = [.. (before ?? []).Select(TextOf).OfType<string>()];
        string[] now = [.. (after ?? []).Select(TextOf).OfType<string>()];
        var count = changes.Count;
        changes.AddRange(old.Except(now).Select(text => Change(path, text, null, showsValues: true)));
        changes.AddRange(now.Except(old).Select(text => Change(path, null, text, showsValues: true)));
        return changes.Count > count;
    }

    private static FieldChangeView Change(string path, string? before, string? after, bool showsValues)
    {
        var word = before is null ? "set" : after is null ? "removed" : "changed";
        return !showsValues && path.StartsWith(Environment, StringComparison.Ordinal)
            ? new FieldChangeView(path, null, null, word, true) : new FieldChangeView(path, before, after, word, false);
    }

    private static string? TextOf(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => list.Count == 0 ? null : string.Join(' ', list.Select(one => TextOf(one) ?? "-")),
        JsonObject parts => string.Join(
            ' ', parts.Where(part => part.Value is not null).Select(part => $"{part.Key}={TextOf(part.Value)}")),
        _ => node.ToString(),
    };
}
