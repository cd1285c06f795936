-- Run in a headless Neovim by test_neovim.py: waits for the finding, asks for its hover and actions, repairs it, saves.
local answers = {}

local function wait(condition)
  assert(vim.wait(120000, condition, 20), "timed out")
end

local function request(method, params)
  local results = assert(vim.lsp.buf_request_sync(0, method, params, 60000))
  for _, result in pairs(results) do
    return result.result
  end
end

local ok, failure = pcall(function()
  wait(function() return #vim.diagnostic.get(0) > 0 end)
  local finding = vim.diagnostic.get(0)[1]
  answers.code, answers.line, answers.column = finding.code or finding.user_data.lsp.code, finding.lnum, finding.col
  vim.cmd("set filetype=python") -- as some plugins do, and `:edit`
  local servers = vim.lsp.get_clients or vim.lsp.get_active_clients
  vim.wait(5000, function() return #servers() > 1 end) -- one more would have to start
  answers.servers = #servers()
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })

  local params = vim.lsp.util.make_position_params()
  answers.hover = request("textDocument/hover", params).contents.value

  params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = {} }
  local actions = request("textDocument/codeAction", params)
  answers.actions = table.concat(vim.tbl_map(function(action) return action.title end, actions), "\n")
  vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
  wait(function() return #vim.diagnostic.get(0) == 0 end)
  answers.left = #vim.diagnostic.get(0)
  vim.cmd("write")
end)
answers.failure = failure
local file = io.open(os.getenv("ANSWERS"), "w")
file:write(vim.json.encode(answers))
file:close()
vim.cmd("quitall!")
