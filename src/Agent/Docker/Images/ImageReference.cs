// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Reads image names as far as pulling needs it. Pure.</summary>
internal static class ImageReference
{
    private const string Hub = "docker.io/";
    private const string Official = "library/";

    /// <summary>Adds <c>:latest</c> to a name without tag and digest: to a pull the engine would otherwise fetch every tag.</summary>
    public static string WithTag(string reference)
    {
        if (reference.Contains('@', StringComparison.Ordinal))
            return reference;
        var lastPart = reference.LastIndexOf('/') + 1;
        // A colon before the last slash belongs to a registry's port.
        return reference.IndexOf(':', lastPart) >= 0 ? reference : reference + ":latest";
    }

    /// <summary>The name as the engine lists it: without what Docker Hub's images have in front of them.</summary>
    public static string Familiar(string reference)
    {
        var name = reference.StartsWith(Hub, StringComparison.Ordinal) ? reference[Hub.Length..] : reference;
        return name.StartsWith(Official, StringComparison.Ordinal) ? name[Official.Length..] : name;
    }

    /// <summary>The digest that the name itself holds, or null.</summary>
    public static string? DigestOf(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? null : reference[(at + 1)..];
    }
}
