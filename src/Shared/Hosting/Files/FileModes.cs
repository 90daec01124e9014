// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>The two permissions that our files have.</summary>
public static class FileModes
{
    /// <summary>0600: keys, certificates with keys, state.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0644: what any user of the machine may read, such as the trusted roots.</summary>
    public const UnixFileMode Shared = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
}
