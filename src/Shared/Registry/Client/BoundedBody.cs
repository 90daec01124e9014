// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>Reads an answer's content as far as is allowed, whatever its headers promise.</summary>
public static class BoundedBody
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>The content; null when there is more than allowed.</summary>
    /// <param name="content">What comes.</param>
    /// <param name="bytesMax">The most that is kept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int bytesMax, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > bytesMax) return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        var chunk = new byte[ChunkBytes];
        while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and var count)
        {
            if (kept.Length + count > bytesMax) return null;
            kept.Write(chunk, 0, count);
        }

        return kept.ToArray();
    }
}
