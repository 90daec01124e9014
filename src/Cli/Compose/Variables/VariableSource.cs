// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose.Variables;

/// <summary>What variables stand for: the caller's environment first, then the file <c>.env</c> beside the compose file.</summary>
/// <param name="environment">The caller's environment.</param>
/// <param name="dotEnv">The pairs of <c>.env</c>.</param>
internal sealed class VariableSource(IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> dotEnv)
{
    /// <summary>The value, or null when it is set nowhere.</summary>
    public string? Find(string name) => environment.TryGetValue(name, out var value) || dotEnv.TryGetValue(name, out value) ? value : null;

    /// <summary>Reads <c>.env</c> if there is one; its errors go to <paramref name="options"/>' caller under its own name.</summary>
    public static VariableSource Load(ComposeOptions options, Findings findings)
    {
        var dotEnv = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = TextFile.Read(options, Path.Combine(options.Folder, ".env"), out var problem);
        if (problem is not null) findings.Error(Position.Start, "", $".env: {problem}");
        if (text is null) return new VariableSource(options.Environment, dotEnv);
        var pairs = EnvFileParser.Parse(
            text,
            name => options.Environment.GetValueOrDefault(name),
            name => findings.Warn(Position.Start, "", $".env: the variable {name} is not set: an empty text stands in for it"),
            (at, message) => findings.Error(Position.Start, "", $".env:{at.Line}: {message}"));
        foreach (var (key, value) in pairs)
            if (value is not null) dotEnv[key] = value;
        return new VariableSource(options.Environment, dotEnv);
    }
}
