// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterManager.Model;

namespace ClusterManager.Agent.Images;

/// <summary>What the file <c>agent/images.json</c> says. Every part may be absent.</summary>
internal sealed record ImageSettingsText
{
    private const int PercentMax = 100;

    /// <summary>Like <see cref="ImageSettings.Removal"/>: <c>ours</c>, <c>all</c> or <c>off</c>.</summary>
    public string? Remove { get; init; }

    /// <summary>See <see cref="ImageSettings.HighPercent"/>.</summary>
    public int? HighPercent { get; init; }

    /// <summary>See <see cref="ImageSettings.LowPercent"/>.</summary>
    public int? LowPercent { get; init; }

    /// <summary>See <see cref="ImageSettings.FullPercent"/>.</summary>
    public int? FullPercent { get; init; }

    /// <summary>See <see cref="ImageSettings.FullFreeBytes"/>; in MiB.</summary>
    public int? FullFreeMebibytes { get; init; }

    /// <summary>See <see cref="ImageSettings.KeptRevisions"/>.</summary>
    public int? KeepRevisions { get; init; }

    /// <summary>See <see cref="ImageSettings.UnusedFor"/>; 0: never.</summary>
    public int? UnusedHours { get; init; }

    /// <summary>See <see cref="ImageSettings.Rest"/>.</summary>
    public int? RestSeconds { get; init; }

    /// <summary>See <see cref="ImageSettings.Interval"/>.</summary>
    public int? LookSeconds { get; init; }

    /// <summary>The settings, or all that is wrong with them. Pure.</summary>
    public (ImageSettings? Settings, IReadOnlyList<FieldError> Errors) Read()
    {
        var errors = new List<FieldError>();
        var given = new ImageSettings();
        var removal = Remove ?? "ours";
        if (removal is not ("ours" or "all" or "off")) errors.Add(new FieldError("remove", removal, "ours, all or off"));
        var high = Within(errors, "highPercent", HighPercent, given.HighPercent, 1, PercentMax);
        var low = Within(errors, "lowPercent", LowPercent, Math.Min(given.LowPercent, high - 1), 0, Math.Max(0, high - 1));
        var hours = Within(errors, "unusedHours", UnusedHours, 24, 0, 24 * 365);
        var settings = new ImageSettings
        {
            Removal = removal switch { "all" => ImageRemoval.All, "off" => ImageRemoval.Off, _ => ImageRemoval.Ours },
            HighPercent = high,
            LowPercent = low,
            FullPercent = Within(errors, "fullPercent", FullPercent, given.FullPercent, 1, PercentMax),
            FullFreeBytes = (long)Within(errors, "fullFreeMebibytes", FullFreeMebibytes, 1024, 0, 1 << 30) << 20,
            KeptRevisions = Within(errors, "keepRevisions", KeepRevisions, given.KeptRevisions, 1, 10),
            UnusedFor = hours == 0 ? null : TimeSpan.FromHours(hours),
            Rest = TimeSpan.FromSeconds(Within(errors, "restSeconds", RestSeconds, 120, 1, 3600)),
            Interval = TimeSpan.FromSeconds(Within(errors, "lookSeconds", LookSeconds, 60, 1, 3600)),
        };
        return (errors.Count == 0 ? settings : null, errors);
    }

    private static int Within(List<FieldError> errors, string field, int? value, int without, int first, int last)
    {
        var number = value ?? without;
        if (number < first || number > last) errors.Add(new FieldError(field, $"{number}", $"{first} to {last}"));
        return number;
    }
}

/// <summary>The settings' file, by source generation. A word that is not known is refused: it may be a misspelt one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(ImageSettingsText))]
internal sealed partial class ImageSettingsJson : JsonSerializerContext;
