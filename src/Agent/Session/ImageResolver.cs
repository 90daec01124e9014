// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>Answers which digest a reference means: by the registry where asked, and by what the engine has.</summary>
/// <param name="engine">The engine.</param>
/// <param name="credentials">What registries want to see.</param>
internal sealed class ImageResolver(IContainerEngine engine, PullCredentials credentials)
{
    /// <summary>The answer; failures are in it.</summary>
    public async Task<ImageResolution> ResolveAsync(ResolveImage request, CancellationToken cancellationToken)
    {
        var answer = new ImageResolution { Request = request.Request };
        if (request.AskRegistry) await AskRegistryAsync(request, answer, cancellationToken);
        await AskEngineAsync(request.Image, answer, cancellationToken);
        return answer;
    }

    private async Task AskRegistryAsync(ResolveImage request, ImageResolution answer, CancellationToken cancellationToken)
    {
        try
        {
            var auth = request.Auth?.Encoded ?? await credentials.FindAsync(request.Image, cancellationToken);
            answer.Digest = await engine.ResolveDigestAsync(request.Image, Allocations.RegistryAuth.Read(auth), cancellationToken);
        }
        catch (DockerException error)
        {
            answer.Failure = FailureReasons.OfImage(request.Image, error).ToWire();
        }
    }

    private async Task AskEngineAsync(string image, ImageResolution answer, CancellationToken cancellationToken)
    {
        try
        {
            var details = await engine.InspectImageAsync(image, cancellationToken);
            answer.LocalImageId = details.Id;
            // The digest by which its registry would know it: only of the same repository, for another one's says nothing.
            if (answer.Digest.Length == 0) answer.Digest = DigestOf(image, details.RepoDigests) ?? "";
        }
        catch (DockerException error)
        {
            var isAbsent = error.Kind is DockerErrorKind.ImageNotFound or DockerErrorKind.NotFound;
            if (!isAbsent) answer.Failure ??= FailureReasons.OfImage(image, error).ToWire();
        }
    }

    /// <summary>The digest of a reference's own repository among those that the engine lists. Pure.</summary>
    public static string? DigestOf(string image, IEnumerable<string> repoDigests)
    {
        var repository = RepositoryOf(image);
        foreach (var entry in repoDigests)
        {
            var at = entry.IndexOf('@', StringComparison.Ordinal);
            if (at > 0 && RepositoryOf(entry[..at]) == repository) return entry[(at + 1)..];
        }
        return null;
    }

    // Docker Hub's names have three spellings.
    private static string RepositoryOf(string image)
    {
        var at = image.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? image : image[..at];
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/')) name = name[..colon];
        if (name.StartsWith("docker.io/", StringComparison.Ordinal)) name = name["docker.io/".Length..];
        return name.StartsWith("library/", StringComparison.Ordinal) ? name["library/".Length..] : name;
    }
}
