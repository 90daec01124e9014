// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning;

/// <summary>The parts of an image reference that matter for pinning it.</summary>
internal static class ImageReference
{
    /// <summary>The digest a reference already carries; empty: none.</summary>
    public static string DigestOf(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? "" : reference[(at + 1)..];
    }

    /// <summary>The reference without tag and digest: <c>registry.lab:5000/web:1</c> gives <c>registry.lab:5000/web</c>.</summary>
    public static string NameOf(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? reference : reference[..at];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }

    /// <summary>The tag, <c>latest</c> where none is written.</summary>
    public static string TagOf(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var rest = (at < 0 ? reference : reference[..at])[NameOf(reference).Length..];
        return rest.Length > 1 ? rest[1..] : "latest";
    }

    /// <summary><c>name:tag</c>, whatever else is written.</summary>
    public static string WithTag(string reference) => $"{NameOf(reference)}:{TagOf(reference)}";

    /// <summary><c>name@digest</c>.</summary>
    public static string Pin(string reference, string digest) => $"{NameOf(reference)}@{digest}";
}
