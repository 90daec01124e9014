// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using ClusterManager.Registry;

namespace ClusterManager.Manager.Registry;

/// <summary>Says all that is wrong with settings, without looking at any file that they name. Pure.</summary>
internal static class RegistrySettingsCheck
{
    private const string HostAllowed = "a host as images name it, such as registry.example or registry.lab:5000";

    /// <summary>The mistakes; none: the settings can be used.</summary>
    public static IReadOnlyList<FieldError> Errors(RegistrySettings settings)
    {
        var errors = new List<FieldError>();
        Host(errors, "defaultRegistry", settings.DefaultRegistry);
        if (settings.DefaultNamespace is { Length: > 0 } part && !IsNamespace(part))
            errors.Add(new FieldError("defaultNamespace", part, "a part of a repository's name, such as library, or nothing"));
        foreach (var (name, entry) in settings.Entries)
        {
            var field = $"registries.{name}";
            Host(errors, field, name);
            if (entry is null) errors.Add(new FieldError(field, "null", "an object, {} when nothing is special"));
            else Entry(errors, field, name, entry);
        }

        return errors;
    }

    private static void Entry(List<FieldError> errors, string field, string name, RegistryEntry entry)
    {
        Host(errors, $"{field}.address", entry.Address);
        foreach (var (index, mirror) in (entry.Mirrors ?? []).Index())
        {
            Host(errors, $"{field}.mirrors[{index}]", mirror ?? "");
            if (mirror == name) errors.Add(new FieldError($"{field}.mirrors[{index}]", mirror, "another registry than this one"));
        }

        if (entry.Username is null != entry.PasswordFile is null)
            errors.Add(new FieldError($"{field}.username", entry.Username ?? "", "username and passwordFile, or neither"));
        if (entry.Username is { } user && (user.Length == 0 || user.Contains(':', StringComparison.Ordinal)))
            errors.Add(new FieldError($"{field}.username", user, "not empty, without a colon"));
        if (entry is { PlainHttp: true, CaFile: not null })
            errors.Add(new FieldError($"{field}.caFile", entry.CaFile, "nothing, since plain HTTP has no certificates"));
        File(errors, $"{field}.caFile", entry.CaFile);
        File(errors, $"{field}.passwordFile", entry.PasswordFile);
    }

    private static bool IsNamespace(string part) => ImageName.TryParse($"{part}/x", out var image) && image.Registry is null;

    private static void Host(List<FieldError> errors, string field, string? host)
    {
        if (host is null) return;
        // What an image's name can carry, and nothing else, is the name of a registry.
        if (!ImageName.TryParse($"{host}/x", out var image) || image.Registry != host) errors.Add(new FieldError(field, host, HostAllowed));
    }

    private static void File(List<FieldError> errors, string field, string? path)
    {
        if (path is not null && !path.StartsWith('/')) errors.Add(new FieldError(field, path, "the absolute path of a file"));
    }
}
