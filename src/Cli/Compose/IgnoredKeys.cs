// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose;

/// <summary>The keys a user allowed to be ignored (<c>--allow-ignored</c>), and which of them the file really has.</summary>
/// <param name="allowed">Paths: from the top of the file, or from any service.</param>
internal sealed class IgnoredKeys(IReadOnlyCollection<string> allowed)
{
    private const string Services = "services.";
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Those that named nothing in the file.</summary>
    public IEnumerable<string> Unused => allowed.Where(key => !_used.Contains(key)).Order(StringComparer.Ordinal);

    /// <summary>True when the key may be ignored.</summary>
    public bool Allows(string path)
    {
        var found = allowed.FirstOrDefault(key => key == path || key == BelowService(path));
        if (found is not null) _used.Add(found);
        return found is not null;
    }

    // services.web.deploy.rollback_config is deploy.rollback_config of any service.
    private static string? BelowService(string path)
    {
        if (!path.StartsWith(Services, StringComparison.Ordinal)) return null;
        var dot = path.IndexOf('.', Services.Length);
        return dot < 0 ? null : path[(dot + 1)..];
    }
}
