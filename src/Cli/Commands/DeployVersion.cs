// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Progress;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Registry;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster deploy SERVICE@VERSION</c>: another version of a running service, any that its registry holds.</summary>
internal static class DeployVersion
{
    /// <summary>Whether the argument of <c>deploy</c> is a version of a service; a stack's name has no '@'.</summary>
    public static bool IsMeant(string? argument) => argument?.Contains('@', StringComparison.Ordinal) == true;

    /// <summary>Deploys it and waits.</summary>
    /// <param name="session">Where it prints.</param>
    /// <param name="parse">The command line.</param>
    /// <param name="argument">For example <c>web@2.4.2</c> or <c>web@sha256:…</c>.</param>
    /// <param name="isForced">The containers are replaced, and the tag is asked for again, though nothing changed.</param>
    /// <param name="wait">Wait or not.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <exception cref="CliException">The argument is no version, or the service's image cannot have one.</exception>
    public static Task<ExitCode> RunAsync(
        CliSession session, ParseResult parse, string argument, bool isForced, WaitOptions wait, CancellationToken cancellationToken)
    {
        var at = argument.IndexOf('@', StringComparison.Ordinal);
        var (name, version) = (ServiceName.Parse(argument[..at]), argument[(at + 1)..]);
        // With any repository: what is no tag and no digest is refused before the cluster is asked.
        if (at == 0 || ImageOf("x", version) is null)
            throw new CliException(
                ExitCode.BadInput, $"'{argument}' is not understood: SERVICE@TAG or SERVICE@sha256:DIGEST is",
                "cluster image tags SERVICE");
        return SpecChange.RunAsync(session, new SpecChange
        {
            Name = name, What = "Deploy", Done = revision => $"Deployed {name.Display}@{version} as revision {revision}",
            Change = before => Changed(before, version), IsForced = isForced,
        }, wait, parse, cancellationToken);
    }

    private static ServiceSpec Changed(ServiceSpec before, string version)
    {
        var image = before.Container.Image;
        var changed = (ImageName.TryParse(image, out var parsed) ? ImageOf(parsed.Name, version) : null) ?? throw new CliException(
            ExitCode.BadInput, $"{before.Name.Display} runs '{image}', which has no other versions",
            $"cluster update {before.Name.Display} --image IMAGE");
        return before with { Container = before.Container with { Image = changed }, Replicas = null };
    }

    private static string? ImageOf(string name, string version)
    {
        var image = ContentDigest.TryParse(version, out _) ? $"{name}@{version}" : $"{name}:{version}";
        return ImageName.TryParse(image, out var parsed) && parsed.Name == name ? image : null;
    }
}
