// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Text;

namespace ClusterManager.Cli.Contexts;

/// <summary>Which context a command uses: the flag, then the environment, then the file.</summary>
internal static class ContextResolver
{
    /// <summary>The port of managers when an address names none.</summary>
    public const int DefaultPort = 7443;

    /// <summary>Resolves the context.</summary>
    /// <param name="environment">The variables.</param>
    /// <param name="file">The file of contexts.</param>
    /// <param name="contextFlag">The value of <c>--context</c>; null: not given.</param>
    /// <param name="managerFlag">The values of <c>--address</c>; empty: not given. They replace the context's managers, not its
    /// certificates.</param>
    /// <exception cref="CliException">No context is named, or the named one is not in the file.</exception>
    public static ResolvedContext Resolve(CliEnvironment environment, ContextFile file, string? contextFlag,
        IReadOnlyList<string> managerFlag)
    {
        var (name, nameSource) = contextFlag is not null ? (contextFlag, "--context")
            : environment.Variable("CLUSTER_CONTEXT") is { } variable ? (variable, "CLUSTER_CONTEXT")
            : (file.Current ?? (file.Contexts.Length == 1 ? file.Contexts[0].Name : null), file.Path);
        var variableManagers = environment.Variable("CLUSTER_MANAGER")?.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var managers = managerFlag.Count > 0 ? managerFlag : variableManagers;
        var managersSource = managerFlag.Count > 0 ? "--address" : variableManagers is not null ? "CLUSTER_MANAGER" : file.Path;
        var context = name is null ? null : file.Contexts.FirstOrDefault(c => c.Name == name);
        if (name is not null && context is null) throw NotInFile(file, name, nameSource);
        if (context is null && managers is null) throw NoContext(file);
        context ??= new ClusterContext { Name = "-" };
        ImmutableArray<string> addresses = [.. (managers ?? context.Managers).Select(WithPort)];
        if (addresses.IsEmpty)
            throw new CliException(ExitCode.BadInput, $"the context '{context.Name}' names no manager",
                "cluster --address ADDRESS:7443 status");
        return new ResolvedContext(context with { Managers = addresses }, nameSource, managersSource);
    }

    /// <summary>Adds the default port to an address without one.</summary>
    public static string WithPort(string address)
    {
        var bare = address.Trim();
        var isBareIpV6 = bare.Count(c => c == ':') > 1 && !bare.StartsWith('[');
        if (isBareIpV6) return $"[{bare}]:{DefaultPort}";
        var colon = bare.LastIndexOf(':');
        return colon > bare.LastIndexOf(']') ? bare : $"{bare}:{DefaultPort}";
    }

    private static CliException NotInFile(ContextFile file, string name, string source) => new(
        ExitCode.NotFound,
        $"there is no context '{name}' (from {source}) in {file.Path}{NearNames.Hint(name, file.Contexts.Select(c => c.Name))}",
        "cluster context ls");

    private static CliException NoContext(ContextFile file) => new(
        ExitCode.BadInput,
        file.Contexts.IsEmpty
            ? $"no cluster is known here: {file.Path} has no context, and neither --address nor CLUSTER_MANAGER names one"
            : "several clusters are known and none is chosen",
        file.Contexts.IsEmpty ? "cluster init" : $"cluster context use {file.Contexts[0].Name}");
}
