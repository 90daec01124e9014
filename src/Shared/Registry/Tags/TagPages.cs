// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>Reads a repository's tags page by page, to the end or as many as are wanted.</summary>
internal sealed class TagPages(RegistryTransport transport, RegistryHost host, string repository, int perPage)
{
    /// <summary>The tags.</summary>
    public async Task<TagList> ReadAsync(int countMax, CancellationToken cancellationToken)
    {
        var tags = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Uri? page = new(host.Base, $"v2/{repository}/tags/list?n={perPage}");
        while (page is not null)
        {
            var reply = await transport.SendAsync(host, RequestOf(page), cancellationToken);
            var before = tags.Count;
            foreach (var tag in reply.Read(RegistryJson.Default.TagsJson).Tags ?? [])
            {
                if (tag is null || !ImageGrammar.IsTag(tag) || !seen.Add(tag)) continue;
                if (tags.Count == countMax) return new TagList(host.Name, tags, IsComplete: false);
                tags.Add(tag);
            }

            page = NextPage.Of(reply, page);
            // A page that brings nothing new would go on for ever: it ends here, and says so.
            if (page is not null && tags.Count == before) return new TagList(host.Name, tags, IsComplete: false);
        }

        return new TagList(host.Name, tags, IsComplete: true);
    }

    private RegistryRequest RequestOf(Uri page) => new()
    {
        Method = HttpMethod.Get,
        Address = page,
        Accept = "application/json",
        Repository = repository,
        Subject = $"repository {repository}",
    };
}
