// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;

namespace ClusterManager.Agent.Docker;

/// <summary>Translates images between the engine's words and ours. Pure.</summary>
internal static class ImageMapping
{
    /// <summary>An image in our words.</summary>
    public static ImageDetails ToDetails(ImageDto dto) => new()
    {
        Id = dto.Id ?? "",
        Tags = dto.RepoTags ?? [],
        RepoDigests = dto.RepoDigests ?? [],
        Architecture = dto.Architecture ?? "",
        Os = dto.Os ?? "",
        SizeBytes = dto.Size,
        Healthcheck = dto.Config?.Healthcheck is { } check ? HealthcheckMapping.FromDto(check) : null,
        ExposedPorts = PortMapping.Parse(dto.Config?.ExposedPorts?.Keys),
        Labels = EngineMapping.Sorted(dto.Config?.Labels),
        StopSignal = EngineMapping.NullIfEmpty(dto.Config?.StopSignal),
    };

    /// <summary>A line of the list in our words.</summary>
    public static ImageSummary ToSummary(ImageListDto dto) => new(
        dto.Id ?? "",
        // Engines before API 1.43 name what has no name so.
        [.. (dto.RepoTags ?? []).Where(tag => tag != "<none>:<none>")],
        [.. (dto.RepoDigests ?? []).Where(digest => digest != "<none>@<none>")],
        dto.Size,
        DateTimeOffset.FromUnixTimeSeconds(dto.Created));

    /// <summary>The header that carries a credential: base64url of JSON; null for none.</summary>
    public static string? ToHeader(RegistryCredential? credential)
    {
        if (credential is null)
            return null;
        var dto = credential.IdentityToken is { } token
            ? new RegistryAuthDto(null, null, credential.ServerAddress, token)
            : new RegistryAuthDto(credential.Username, credential.Password, credential.ServerAddress, null);
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(dto, DockerJson.Default.RegistryAuthDto))
            .Replace('+', '-').Replace('/', '_');
    }

    /// <summary>A pull's step in our words.</summary>
    public static PullProgress ToProgress(PullStepDto dto) => new(
        EngineMapping.NullIfEmpty(dto.id), dto.status ?? "", dto.progressDetail?.current ?? 0, dto.progressDetail?.total ?? 0);

    /// <summary>The digest a pull's step announces, or null: it comes as text, in one line of its own.</summary>
    public static string? DigestIn(PullStepDto dto)
    {
        const string Announcement = "Digest: ";
        return dto.status?.StartsWith(Announcement, StringComparison.Ordinal) == true ? dto.status[Announcement.Length..].Trim() : null;
    }
}
