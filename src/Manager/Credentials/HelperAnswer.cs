// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterManager.Registry;

namespace ClusterManager.Manager.Credentials;

/// <summary>
/// What a helper prints: the JSON of Docker's credential helpers (<c>ServerURL</c>, <c>Username</c>, <c>Secret</c>), and beside it, where
/// it knows it, <c>ExpiresAt</c>. Pure.
/// </summary>
internal sealed record HelperAnswer
{
    /// <summary>The name by which a helper says that the secret is an identity token.</summary>
    public const string TokenUser = "<token>";

    /// <summary>How long an answer that names no end is used.</summary>
    public static readonly TimeSpan DefaultLife = TimeSpan.FromSeconds(30);

    /// <summary>An answer is not used in the last part of its life: what is begun with it must come to an end.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(24);

    private HelperAnswer(RegistryCredential credential, DateTimeOffset until) => (Credential, Until) = (credential, until);

    /// <summary>The credential.</summary>
    public RegistryCredential Credential { get; }

    /// <summary>From then on the helper is asked again.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>Reads it; null: it is not that.</summary>
    /// <param name="output">What was printed.</param>
    /// <param name="now">When.</param>
    public static HelperAnswer? Read(ReadOnlySpan<byte> output, DateTimeOffset now)
    {
        try
        {
            var read = JsonSerializer.Deserialize(output, HelperJson.Default.HelperOutput);
            if (read is not { Secret: { Length: > 0 } secret }) return null;
            var user = read.Username ?? "";
            var credential = user is TokenUser or "" ? new RegistryCredential("", "", secret) : new RegistryCredential(user, secret);
            return new HelperAnswer(credential, UntilOf(read.ExpiresAt, now));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The last quarter of a short life, 15 s of a longer one.
    private static DateTimeOffset UntilOf(string? text, DateTimeOffset now)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end))
            return now + DefaultLife;
        var life = end - now;
        if (life > LifeMax) life = LifeMax;
        return now + (life > Margin * 4 ? life - Margin : life * 0.75);
    }
}

/// <summary>The output as it is written.</summary>
internal sealed record HelperOutput
{
    public string? Username { get; init; }

    public string? Secret { get; init; }

    public string? ExpiresAt { get; init; }
}

/// <summary>Source-generated JSON of helpers.</summary>
[JsonSerializable(typeof(HelperOutput))]
internal sealed partial class HelperJson : JsonSerializerContext;
