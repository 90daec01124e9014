// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Model;
using ClusterManager.Registry;

namespace ClusterManager.Cli.Releases;

/// <summary>Puts the digests of a release into the specs of a file: the same content under the file's own names. Pure.</summary>
internal static class ReleasePins
{
    /// <summary>The specs with the digests.</summary>
    /// <exception cref="CliException">The two do not fit: all that does not is said.</exception>
    public static IReadOnlyList<ServiceSpec> Pin(IReadOnlyList<ServiceSpec> services, Release release)
    {
        var problems = services.Select(spec => ProblemOf(spec, release)).OfType<string>().ToList();
        if (problems.Count > 0)
            throw new CliException(ExitCode.BadInput, $"the file does not fit the release of {release.From}: nothing was deployed")
            {
                Details = problems,
            };
        return [.. services.Select(spec => Pinned(spec, release.Services[spec.Name.Name].Digest))];
    }

    private static string? ProblemOf(ServiceSpec spec, Release release)
    {
        var (name, image) = (spec.Name.Name, spec.Container.Image);
        if (!release.Services.TryGetValue(name, out var released)) return $"{name}: {release.From} has no such service";
        if (!ImageName.TryParse(image, out var here) || !ImageName.TryParse(released.Image, out var there))
            return $"{name}: '{image}' or '{released.Image}' is no image of a registry";
        // The registry may be another one; what the repository is called in it says that the same is meant.
        if (here.Repository != there.Repository) return $"{name}: {image} is another image than {released.Image}";
        if (here.Tag is { } tag && there.Tag is { } other && tag != other)
            return $"{name}: the file names {tag}, {release.From} runs {other}";
        return here.Digest is { } digest && digest.ToString() != released.Digest
            ? $"{name}: the file names {digest}, {release.From} runs {released.Digest}" : null;
    }

    // The tag stays, for people: the digest decides.
    private static ServiceSpec Pinned(ServiceSpec spec, string digest)
    {
        var image = spec.Container.Image;
        return image.Contains('@', StringComparison.Ordinal) ? spec
            : spec with { Container = spec.Container with { Image = $"{image}@{digest}" } };
    }
}
