// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Processes;

/// <summary>Keeps captured output bounded: one file and one older one.</summary>
internal static class OutputCap
{
    /// <summary>
    /// Copies a file that has grown past <paramref name="bytesMax"/> to <c>NAME.1</c> and empties it. The child goes on writing to the
    /// same open
    /// file, which is why it is not renamed; what it writes between copy and emptying is lost.
    /// </summary>
    internal static void Apply(string file, long bytesMax)
    {
        var info = new FileInfo(file);
        if (!info.Exists || info.Length <= bytesMax) return;
        info.CopyTo(file + ".1", overwrite: true);
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(0);
    }
}
