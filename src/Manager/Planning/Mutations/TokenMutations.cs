// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>Join tokens and the joins they allow.</summary>
internal static class TokenMutations
{
    private const int ClearedAtOnce = 10;

    public static MutationResult Create(Turn turn, ClusterEvent.CreateToken create)
    {
        var token = create.Token;
        if (turn.State.Tokens.ContainsKey(token.Id)) return Refusals.Conflict($"token {token.Id} exists already");
        ClearExpired(turn);
        if (turn.State.Tokens.Count >= EngineLimits.Tokens)
            return Refusals.Invalid($"there are {EngineLimits.Tokens} tokens, as many as there may be");
        Put(turn, token);
        return Refusals.Accepted(new RequestOutcome { Text = token.Id });
    }

    public static MutationResult Revoke(Turn turn, ClusterEvent.RevokeToken revoke)
    {
        var found = turn.State.Tokens.Values.Where(token => token.Id == revoke.Id).ToList();
        if (found.Count == 0) found = turn.State.Tokens.Values.Where(token => token.Id.StartsWith(revoke.Id, StringComparison.Ordinal))
            .ToList();
        if (found.Count == 0 || revoke.Id.Length == 0) return Refusals.NotFound("token", revoke.Id, turn.State.Tokens.Keys);
        if (found.Count > 1) return Refusals.Conflict($"'{revoke.Id}' begins several tokens: give more of it");
        if (!found[0].IsRevoked) Put(turn, found[0] with { IsRevoked = true });
        return Refusals.Accepted(new RequestOutcome { Text = found[0].Id });
    }

    public static MutationResult Join(Turn turn, ClusterEvent.JoinNode join)
    {
        // The ring of requests forgets; a node's record remembers its join for life.
        if (turn.State.Nodes.TryGetValue(join.Node.Id, out var known) && known.JoinRequestId == join.Origin.RequestId)
            return Refusals.Accepted(NodeMutations.OutcomeOf(known));
        if (RefuseToken(turn, join) is { } refused) return refused;
        if (known is not null && !join.Keeps) return Refusals.Conflict($"this machine is node {known.Name} already");
        if (known is not null) return Rejoin(turn, join, known);
        if (turn.State.Nodes.Values.FirstOrDefault(node => node.Name == join.Node.Name) is { } holder)
            return Refusals.Conflict(
                $"the name '{join.Node.Name}' is held by the node at {holder.Address}: choose another with --name, "
                + "or remove that node first");
        var node = join.Node with { Ordinal = turn.State.NextNodeOrdinal, JoinRequestId = join.Origin.RequestId, JoinedAt = turn.Now };
        turn.State = turn.State with { NextNodeOrdinal = node.Ordinal + 1 };
        turn.PutNode(node);
        turn.MarkNode(node.Id);
        Use(turn, join.TokenId);
        return Refusals.Accepted(NodeMutations.OutcomeOf(node));
    }

    /// <summary>A node comes back with its containers and a new address. Not while its agent is here: then somebody else has its
    /// id.</summary>
    private static MutationResult Rejoin(Turn turn, ClusterEvent.JoinNode join, NodeRecord known)
    {
        if (known.Name != join.Node.Name)
            return Refusals.Conflict($"this machine is node {known.Name} of the cluster and cannot come back as {join.Node.Name}");
        if (turn.State.NodeObservations.GetValueOrDefault(known.Id)?.HasSession == true)
            return Refusals.Conflict($"node {known.Name} has a session with its managers: it need not join anew");
        if (known.IsManager && !turn.State.Tokens[join.TokenId].IsManager)
            return Refusals.NotPermitted($"node {known.Name} is a manager: make a token with 'cluster token create --manager'");
        var node = known with { Address = join.Node.Address, JoinRequestId = join.Origin.RequestId };
        turn.PutNode(node);
        turn.MarkNode(node.Id);
        Use(turn, join.TokenId);
        return Refusals.Accepted(NodeMutations.OutcomeOf(node));
    }

    private static void Use(Turn turn, string id)
    {
        var token = turn.State.Tokens[id];
        Put(turn, token with { UsesLeft = token.UsesLeft - 1 });
    }

    /// <summary>An unknown id and a wrong secret read the same: nobody learns which ids exist.</summary>
    private static MutationResult.Refused? RefuseToken(Turn turn, ClusterEvent.JoinNode join)
    {
        if (!turn.State.Tokens.TryGetValue(join.TokenId, out var token)
            || !CryptographicOperations.FixedTimeEquals(token.SecretHash.Span, join.SecretHash.Span))
            return Refusals.NotPermitted("the token is wrong: make one with 'cluster token create'");
        if (token.IsRevoked) return Refusals.NotPermitted("the token was revoked: make one with 'cluster token create'");
        if (token.ExpiresAt <= turn.Now) return Refusals.NotPermitted("the token has expired: make one with 'cluster token create'");
        if (token.UsesLeft <= 0) return Refusals.NotPermitted("the token is used up: make one with 'cluster token create'");
        return join.Node.IsManager && !token.IsManager
            ? Refusals.NotPermitted("the token is not for managers: make one with 'cluster token create --manager'") : null;
    }

    /// <summary>Tokens that expired a week ago go, a few at a time.</summary>
    private static void ClearExpired(Turn turn)
    {
        foreach (var old in turn.State.Tokens.Values.Where(token => token.ExpiresAt < turn.Now.AddDays(-7)).Take(ClearedAtOnce).ToList())
        {
            turn.State = turn.State with { Tokens = turn.State.Tokens.Remove(old.Id) };
            turn.Budget.Put(new StateChange.DeleteToken(old.Id), 0);
        }
    }

    private static void Put(Turn turn, TokenRecord token)
    {
        turn.State = turn.State with { Tokens = turn.State.Tokens.SetItem(token.Id, token) };
        turn.Budget.Put(new StateChange.PutToken(token),
            120 + token.SecretHash.Length + SizeEstimate.Of(token.Id) + SizeEstimate.Of(token.CreatedBy));
    }
}
