// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>Something mounted into a container.</summary>
public abstract record ContainerMount
{
    private ContainerMount(string target) => Target = target;

    /// <summary>The absolute path inside the container.</summary>
    public string Target { get; }

    /// <summary>A file or directory of the node.</summary>
    /// <param name="Source">Its absolute path on the node.</param>
    /// <param name="Target">The absolute path inside the container.</param>
    /// <param name="ReadOnly">True when the container may not write.</param>
    /// <param name="CreateSource">True makes an empty directory when the source is missing; false refuses to create the container.</param>
    public sealed record Bind(string Source, string Target, bool ReadOnly = false, bool CreateSource = false) : ContainerMount(Target);

    /// <summary>A named volume. The engine makes it when it is missing: create it first to give it labels.</summary>
    /// <param name="Name">The volume's name; empty for an anonymous one that goes with the container.</param>
    /// <param name="Target">The absolute path inside the container.</param>
    /// <param name="ReadOnly">True when the container may not write.</param>
    /// <param name="NoCopy">True leaves a new volume empty instead of copying what the image has at the path.</param>
    public sealed record Volume(string Name, string Target, bool ReadOnly = false, bool NoCopy = false) : ContainerMount(Target);

    /// <summary>Memory that looks like a directory.</summary>
    /// <param name="Target">The absolute path inside the container.</param>
    /// <param name="SizeBytes">Its limit; 0 for the kernel's default, half of the machine's memory.</param>
    /// <param name="Mode">Its permission bits; 0 for 1777 (octal).</param>
    public sealed record Tmpfs(string Target, long SizeBytes = 0, int Mode = 0) : ContainerMount(Target);
}
