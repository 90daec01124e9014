// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using ClusterManager.Cli.Compose;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Cli.Output;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Cli.Contexts;

/// <summary>
/// The operator's file of contexts: <c>$CLUSTER_CONFIG</c>, else <c>~/.config/cluster/config.yaml</c>. It may hold private keys, so it is
/// written with 0600. Certificates are inline PEM or paths relative to the file.
/// </summary>
internal sealed record ContextFile
{
    /// <summary>Where it is.</summary>
    public required string Path { get; init; }

    /// <summary>The context used when none is named; null: none.</summary>
    public string? Current { get; init; }

    /// <summary>The contexts in the order of the file.</summary>
    public ImmutableArray<ClusterContext> Contexts { get; init; } = [];

    /// <summary>The path that holds for this environment.</summary>
    public static string PathFor(CliEnvironment environment)
    {
        if (environment.Variable("CLUSTER_CONFIG") is { } path) return System.IO.Path.GetFullPath(path, environment.Directory);
        var home = environment.Variable("XDG_CONFIG_HOME") ?? System.IO.Path.Combine(environment.Variable("HOME") ?? "/root", ".config");
        return System.IO.Path.Combine(home, "cluster", "config.yaml");
    }

    /// <summary>Reads the file; an empty one when there is none.</summary>
    /// <exception cref="CliException">It is malformed, or cannot be read.</exception>
    public static ContextFile Load(string path)
    {
        if (!File.Exists(path)) return new ContextFile { Path = path };
        var findings = new Findings(path);
        var text = TextFile.Decode(Bytes(path), out var problem);
        if (problem is not null) findings.Error(Position.Start, "", problem);
        var root = text is null ? null : YamlTreeLoader.Load(text, findings);
        var file = new ContextFile { Path = path };
        if (root is YamlMap map) file = Read(file, map, findings);
        else if (!findings.HasErrors) findings.Error(Position.Start, "", "a map with the keys current and contexts is expected");
        if (!findings.HasErrors) return file;
        throw new CliException(ExitCode.BadInput, "the file of contexts is not understood") { Details = [.. findings.Errors.Select(
            e => e.ToString())] };
    }

    /// <summary>Adds or replaces a context and makes it the current one.</summary>
    public ContextFile With(ClusterContext context) => this with
    {
        Current = context.Name,
        Contexts = [.. Contexts.Where(c => c.Name != context.Name), context],
    };

    /// <summary>Writes the file (0600); its folder is made when it is missing. Everything is inline.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        if (Current is not null) text.Append("current: ").Append(YamlText.Of(Current));
        text.Append("contexts:\n");
        foreach (var context in Contexts)
        {
            text.Append("  - name: ").Append(YamlText.Of(context.Name)).Append("    managers:\n");
            foreach (var manager in context.Managers) text.Append("      - ").Append(YamlText.Of(manager));
            Block(text, "ca", context.CaPem);
            Block(text, "certificate", context.CertificatePem);
            Block(text, "key", context.KeyPem);
        }

        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await AtomicFile.WriteTextAsync(Path, text.ToString(), FileModes.Private, cancellationToken);
    }

    private static void Block(StringBuilder text, string key, string? pem)
    {
        if (pem is null) return;
        text.Append("    ").Append(key).Append(": |\n");
        foreach (var line in pem.ReplaceLineEndings("\n").Trim().Split('\n')) text.Append("      ").Append(line).Append('\n');
    }

    private static ContextFile Read(ContextFile file, YamlMap map, Findings findings)
    {
        foreach (var entry in map.Entries)
        {
            switch (entry.Key)
            {
                case "current": file = file with { Current = Text(entry, findings) }; break;
                case "contexts" when entry.Value is YamlList list:
                    file = file with { Contexts = [.. list.Items.Select(i => ReadOne(file.Path, i, findings)).OfType<ClusterContext>()] };
                    break;
                case "contexts" when entry.Value is YamlScalar { IsNull: true }: break;
                default: findings.Error(entry.At, entry.Key, "not understood: current and a list of contexts are"); break;
            }
        }

        return file;
    }

    private static ClusterContext? ReadOne(string path, YamlNode node, Findings findings)
    {
        if (node is not YamlMap map)
        {
            findings.Error(node.At, "contexts", $"a context is a map with name and managers, this is {node.Kind}");
            return null;
        }

        var context = new ClusterContext { Name = "" };
        foreach (var entry in map.Entries)
        {
            switch (entry.Key)
            {
                case "name": context = context with { Name = Text(entry, findings) ?? "" }; break;
                case "managers" when entry.Value is YamlList list: context = context with { Managers = [.. list.Items.OfType<YamlScalar>()
                    .Select(s => s.Text)] }; break;
                case "ca": context = context with { CaPem = Pem(path, entry, findings) }; break;
                case "certificate": context = context with { CertificatePem = Pem(path, entry, findings) }; break;
                case "key": context = context with { KeyPem = Pem(path, entry, findings) }; break;
                default: findings.Error(
                    entry.At, entry.Key, "not understood: name, a list of managers, ca, certificate and key are"); break;
            }
        }

        if (context.Name.Length == 0) findings.Error(map.At, "contexts", "a context needs a name");
        return context;
    }

    private static string? Text(YamlEntry entry, Findings findings)
    {
        if (entry.Value is YamlScalar { IsNull: false } scalar) return scalar.Text;
        findings.Error(entry.At, entry.Key, "a text is expected");
        return null;
    }

    private static string? Pem(string path, YamlEntry entry, Findings findings)
    {
        if (Text(entry, findings) is not { } text) return null;
        if (text.Contains("-----BEGIN", StringComparison.Ordinal)) return text;
        try
        {
            return Encoding.UTF8.GetString(Bytes(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, text)));
        }
        catch (CliException e)
        {
            findings.Error(entry.At, entry.Key, e.Message);
            return null;
        }
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                ExitCode.BadInput,
                $"{path} cannot be read: {(e is FileNotFoundException ? "there is no such file" : "access is denied or the disk fails")}");
        }
    }
}
