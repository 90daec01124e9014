// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using ClusterManager.Registry;

namespace ClusterManager.Manager.Hooks;

/// <summary>
/// Reads what registries send when an image was pushed, in the three forms that are usual: events of a registry of one's own, and the two
/// of the large public ones. Nothing but names is taken from it. Pure.
/// </summary>
internal static class HookBody
{
    /// <summary>Most repositories of one message.</summary>
    public const int NewsMax = 100;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 24 };

    /// <summary>The repositories that have news, maybe none; null: the message is not understood.</summary>
    public static IReadOnlyCollection<ImageNotice>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, Options);
            var found = Read(json.RootElement);
            if (found is null || found.Count > NewsMax || found.Any(one => !IsNamed(one))) return null;
            return found.Distinct().ToImmutableArray();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter: a text that is no UTF-8, which is seen only when it is taken.
            return null;
        }
    }

    private static List<ImageNotice>? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (Child(root, "events") is { ValueKind: JsonValueKind.Array } events) return OfEvents(events);
        if (Child(root, "push_data") is { } pushed && Child(root, "repository") is { } repository)
            return Text(repository, "repo_name") is { } name ? [new ImageNotice(name, Text(pushed, "tag") ?? "")] : null;
        return (Child(root, "registry_package") ?? Child(root, "package")) is { } package ? OfPackage(package) : null;
    }

    // Pulls and mounts come too, and are no news.
    private static List<ImageNotice>? OfEvents(JsonElement events)
    {
        var found = new List<ImageNotice>();
        foreach (var one in events.EnumerateArray())
        {
            if (Text(one, "action") is not { } action) return null;
            if (action != "push") continue;
            if (Child(one, "target") is not { } target || Text(target, "repository") is not { } repository) return null;
            found.Add(new ImageNotice(repository, Text(target, "tag") ?? ""));
            if (found.Count > NewsMax) return null;
        }

        return found;
    }

    private static List<ImageNotice>? OfPackage(JsonElement package)
    {
        if (Text(package, "name") is not { } name) return null;
        var space = Text(package, "namespace");
        var version = Child(package, "package_version");
        var tag = version is { } known && Child(known, "container_metadata") is { } data && Child(data, "tag") is { } named
            ? Text(named, "name") : null;
        return [new ImageNotice((string.IsNullOrEmpty(space) ? name : $"{space}/{name}").ToLowerInvariant(), tag ?? "")];
    }

    private static bool IsNamed(ImageNotice notice) =>
        ImageName.TryParse($"x.test/{notice.Repository}{(notice.Tag.Length == 0 ? "" : ":")}{notice.Tag}", out var name)
        && name.Registry == "x.test" && name.Repository == notice.Repository && name.Digest is null
        && (notice.Tag.Length == 0 || name.Tag == notice.Tag);

    private static JsonElement? Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : null;

    private static string? Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } child ? child.GetString() : null;
}
