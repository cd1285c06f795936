;; Run in a batch Emacs by test_emacs.py: starts Eglot, waits for the finding, asks for its hover and actions, repairs it.
(require 'cl-lib)
(require 'package)
(package-initialize) ; Eglot is a package before Emacs 29
(require 'eglot)
(require 'flymake)

(defun wait-until (condition)
  (with-timeout (120 (error "timed out"))
    (while (not (funcall condition)) (accept-process-output nil 0.05))))

(defun answers ()
  (find-file (getenv "NET"))
  (call-interactively #'eglot)
  (flymake-mode 1)
  (wait-until #'flymake-diagnostics)
  (let* ((finding (car (flymake-diagnostics)))
         (start (flymake-diagnostic-beg finding))
         (found (flymake-diagnostic-text finding))
         (line (line-number-at-pos start))
         hover titles)
    (goto-char start)
    (setq hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)))
    (cl-letf ((last-nonmenu-event ?x) ; no mouse
              ((symbol-function 'completing-read)
               (lambda (_prompt choices &rest _) (setq titles (mapcar #'car choices)) (car titles))))
      (eglot-code-actions start (flymake-diagnostic-end finding) "quickfix" t))
    (eglot--signal-textDocument/didChange) ; an idle timer does this where there is a user
    (wait-until (lambda () (not (flymake-diagnostics))))
    (save-buffer)
    (list :found found :line line :hover (plist-get (plist-get hover :contents) :value)
          :actions (vconcat titles))))

(let ((said (condition-case failure (answers) (error (list :failure (error-message-string failure))))))
  (with-temp-file (getenv "ANSWERS") (insert (json-serialize said))))
